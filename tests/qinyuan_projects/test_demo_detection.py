"""What the watch over data quality finds is measured against what was planted, and only with the demo's data."""

import pytest
from django.core.management import CommandError, call_command

from portfolio.quality import Finding
from portfolio.quality import Kind as Watched
from qinyuan_projects.demo.defects import Defect, Kind
from qinyuan_projects.demo.detection import Detection
from tests import factories

pytestmark = pytest.mark.django_db

PLANTED = (Defect(Kind.COPIED, "河道治理", 12, 13), Defect(Kind.TEN_TIMES, "道路改造", 15, 15))


def finding(kind, first, last):
    return Finding(factories.plan(project__name="河道治理"), kind, first, last, "原因。")


@pytest.mark.parametrize(
    ("kind", "first", "last", "true"),
    [
        (Watched.COPIED, 13, 16, 1),
        (Watched.COPIED, 14, 16, 0),
        (Watched.COPIED, 10, 12, 1),
        (Watched.COPIED, 10, 11, 0),
        (Watched.STUCK, 12, 13, 0),
    ],
)
def test_a_finding_is_true_of_a_defect_of_its_kind_in_one_of_its_weeks(kind, first, last, true):
    overall = Detection([finding(kind, first, last)], PLANTED).overall

    assert (overall.reported, overall.true, overall.planted, overall.found) == (1, true, 2, true)


def test_scores_are_told_in_percent_and_without_a_figure_where_there_is_none():
    detection = Detection([finding(Watched.COPIED, 12, 13), finding(Watched.COPIED, 20, 20)], PLANTED)

    told = {score.label: str(score) for score in detection.scores}

    assert told["文字雷同"] == "文字雷同\t2\t1\t50%\t1\t1\t100%"
    assert told["漏报"] == "漏报\t0\t0\t—\t0\t0\t—"
    assert detection.overlooked == ["多写一个零，退回后改正，道路改造，第15–15周"]
    assert detection.false_alarms == ["文字雷同，河道治理，第20周，原因。"]


def test_command_refuses_without_the_demo_s_reports():
    factories.report(factories.plan_under_way(), 21, ytd_investment=10, works_percent=5)

    with pytest.raises(CommandError) as refusal:
        call_command("check_quality_watch")

    assert str(refusal.value) == "没有演示的周调度，无从检验。请在空数据库里先执行 manage.py seed_demo。"
