"""The measurement of a report makes every paper of it once."""

import pytest

from benchmarks import papers
from inspections import reports
from tests import factories
from tests.inspections import report_factories as made


@pytest.mark.django_db
def test_every_part_of_a_report_is_measured_once():
    made.county()
    made.plans(2)
    costs = papers.Costs()

    docx = papers.run(costs, factories.county(), reports.Period("quarterly", 2024, 2), made.DAY)

    assert docx.startswith(b"PK")
    assert {part: len(rounds) for part, rounds in costs.items()} == dict.fromkeys(
        ("汇总数据", "Excel 附件", "Word 用图", "Word", "PDF"), 1
    )
