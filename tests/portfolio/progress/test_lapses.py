import datetime as dt

import pytest

from portfolio.progress import ReportAge, Slippage

MAY = dt.date(2024, 5, 31)


@pytest.mark.parametrize(
    ("overdue_since", "expected"),
    [
        (dt.date(2024, 5, 30), Slippage.MONTH),
        (dt.date(2024, 5, 1), Slippage.MONTH),
        (dt.date(2024, 4, 30), Slippage.MONTHS),
        (dt.date(2024, 3, 1), Slippage.MONTHS),
        (dt.date(2024, 2, 29), Slippage.QUARTER),
    ],
)
def test_a_milestone_slips_by_whole_months(overdue_since, expected):
    assert Slippage.of(overdue_since, True, MAY) == expected


def test_a_plan_without_milestones_is_not_one_without_slippage():
    assert [Slippage.of(None, has_milestones, MAY) for has_milestones in (True, False)] == [
        Slippage.NONE,
        Slippage.NO_NODES,
    ]


@pytest.mark.parametrize(
    ("reported_on", "expected"),
    [
        (dt.date(2024, 5, 27), ReportAge.THIS_WEEK),
        (dt.date(2024, 5, 26), ReportAge.LAST_WEEK),
        (dt.date(2024, 5, 20), ReportAge.LAST_WEEK),
        (dt.date(2024, 5, 19), ReportAge.WEEKS),
        (dt.date(2024, 4, 29), ReportAge.WEEKS),
        (dt.date(2024, 4, 28), ReportAge.OLDER),
        (None, ReportAge.NEVER),
    ],
)
def test_a_report_is_as_old_as_the_weeks_since(reported_on, expected):
    assert ReportAge.of(reported_on, MAY) == expected
