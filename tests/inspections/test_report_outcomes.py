"""The figures of 看效果 in a report: sums of each figure, who is furthest short, who has told nothing."""

import pytest

from inspections.looks import LookBoard
from inspections.reports.outcomes import outcome_blocks
from tests import factories

pytestmark = pytest.mark.django_db


def blocks():
    county = factories.clock(2024, 5, 31, 10)
    return outcome_blocks(LookBoard(county, "effect", 2024, county.business_today()))


def in_service(name):
    return factories.plan(project__name=name, project__stage="in_operation").project


def test_report_without_figures_says_nothing():
    in_service("糖厂")

    assert blocks() == []


def test_report_tells_sums_and_who_is_furthest_short():
    factories.outcome(in_service("糖厂"), "100.50", "50.25", "jobs", measure="人")
    factories.outcome(in_service("酒厂"), "100", "10", "jobs", measure="人")
    in_service("醋厂")

    told, short, missing = blocks()

    assert told["rows"] == [["就业", "人", "200.50", "60.25", "30.0", 0, 2, 0, 0]]
    assert short["words"] == (
        "未达到承诺 2 项，差得最多的：酒厂，就业承诺 100 人，实际 10 人（截至 2024-05-31），达到率 10.0%，未达到；"
        "糖厂，就业承诺 100.50 人，实际 50.25 人（截至 2024-05-31），达到率 50.0%，未达到。"
    )
    assert missing["words"] == "1 个开工见效项目还没有填写产能、产值、税收、就业。"
