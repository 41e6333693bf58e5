"""What changed since a day: added, removed, and the old value under the new."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from portfolio import plan_rows
from portfolio.actions import changes
from portfolio.comparison import Comparison
from portfolio.models import AnnualPlan, ChangeSet, Project
from tests import factories

pytestmark = pytest.mark.django_db
COLUMNS = plan_rows.columns(["name", "total_investment", "unit", "start"])


def on(county, month, day):
    """Move the county's business clock."""
    county.business_time = timezone.make_aware(dt.datetime(2024, month, day, 10))
    county.save()
    return county


def begin(county, office):
    return changes.begin(ChangeSet.Kind.EDIT, county=county, by=office, summary="改")


def create(change_set, name, **fields):
    (project,) = changes.create(change_set, [Project(county=change_set.county, name=name, **fields)])
    return changes.create(change_set, [AnnualPlan(county=change_set.county, project=project, year=2024)])[0]


def test_comparison_tells_added_removed_and_old_values(office, county):
    mine = begin(on(county, 1, 10), office)
    unit = factories.unit("水利局")
    changed = create(mine, "污水处理厂", total_investment=Decimal("100"), unit=unit)
    same = create(mine, "不变的项目")
    leaving = create(mine, "调出的项目")
    mine = begin(on(county, 5, 6), office)
    added = create(mine, "新增的项目")
    changed.project.total_investment = Decimal("120.50")
    changed.project.unit = factories.unit("生态环境分局")
    changes.update(mine, [changed.project], ["total_investment", "unit"])
    leaving.state, leaving.state_reason = "removed", "用地未落实"
    changes.update(mine, [leaving], ["state", "state_reason"])

    comparison = Comparison(county, 2024, dt.date(2024, 3, 1), COLUMNS)

    assert comparison.added == {added.pk}
    assert comparison.removed == [("调出的项目", leaving.pk)]
    assert comparison.changed == {changed.pk: {"total_investment": "100", "unit": "水利局"}}
    assert [comparison.touches(plan.pk) for plan in (added, changed, same)] == [True, True, False]


def test_comparison_counts_a_change_of_the_day_itself_as_standing(office, county):
    plan = create(begin(on(county, 1, 10), office), "甲")
    plan.project.name = "乙"
    changes.update(begin(on(county, 3, 1), office), [plan.project], ["name"])

    assert Comparison(county, 2024, dt.date(2024, 3, 1), COLUMNS).changed == {}
    assert Comparison(county, 2024, dt.date(2024, 2, 29), COLUMNS).changed == {plan.pk: {"name": "甲"}}


def test_table_can_be_narrowed_to_what_changed(office_client, office, county):
    mine = begin(on(county, 1, 10), office)
    create(mine, "不变的项目")
    plan = create(mine, "旧名")
    plan.project.name = "新名"
    changes.update(begin(on(county, 3, 1), office), [plan.project], ["name"])

    html = office_client.get("/projects/?year=2024&since=2024-02-01&only_changed=1").content.decode()

    assert "不变的项目" not in html
    assert "<del>旧名</del>" in html
