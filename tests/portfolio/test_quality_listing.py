"""The list of what should be looked at again: its filters, its groups, who may see it."""

import datetime as dt
import io
import re

import openpyxl
import pytest
from django.http import QueryDict

from accounts.models import AuditEntry
from portfolio.models import AnnualPlan, Project, WeeklyDispatch
from portfolio.quality import Kind
from portfolio.quality_listing import QualityListing
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def plans():
    """One falls back without a word, one with a word, one is clean."""
    factories.clock(2024, 5, 31, 10)
    names = ("没有说明", "有说明", "没有问题")
    plans = [factories.plan_under_way(factories.unit(f"{name}局"), project__name=name) for name in names]
    for plan, percent, words in zip(plans, (4, 4, 6), ("", "核减。", ""), strict=True):
        factories.report(plan, 20, ytd_investment=10, works_percent=5)
        factories.report(plan, 21, ytd_investment=27, works_percent=percent, explanation=words)
    return plans


def listing(query=""):
    return QualityListing(factories.county(), 2024, QueryDict(query))


def names(query=""):
    return [one.plan.project.name for one in listing(query).findings]


def test_findings_are_narrowed_by_kind_unit_and_explanation(plans):
    unit = plans[1].project.unit_id

    assert sorted(names()) == ["有说明", "没有说明"]
    assert names("explained=no") == ["没有说明"]
    assert names("explained=yes") == ["有说明"]
    assert names(f"unit={unit}") == ["有说明"]
    assert names("kind=copied") == []
    assert sorted(names("kind=percent-falls")) == ["有说明", "没有说明"]


def test_what_is_unknown_in_the_query_is_ignored(plans):
    assert sorted(names("kind=x&unit=x&explained=x")) == ["有说明", "没有说明"]


def test_options_count_under_the_other_filters(plans):
    options = {key: [(each.title, each.count) for each in given] for key, _, given in listing("explained=no").filters}

    assert options == {
        "kind": [("工程量倒退", 1)],
        "unit": [("没有说明局", 1)],
        "explained": [("没有说明", 1), ("有说明", 1)],
    }


def test_groups_tell_the_newest_first(plans):
    factories.report(plans[2], 22, ytd_investment=40, works_percent=5)

    (group,) = listing().groups

    assert group[0] == Kind.PERCENT_FALLS
    assert [one.last for one in group[1]] == [22, 21, 21]


def test_another_county_s_reports_are_not_read(plans):
    factories.county("140430", "别县")

    assert QualityListing(factories.county("140430"), 2024, QueryDict()).findings == []


def test_page_leads_to_project_and_week(office_client, plans):
    html = office_client.get("/dispatch/quality/?explained=no").content.decode()

    plan = plans[0]
    table = re.search(r"<tbody>(.*?)</tbody>", html, re.S)[1]
    assert re.findall(r'href="([^"]+)"', table) == [
        f"/projects/{plan.project_id}/?year=2024",
        f"/dispatch/2024/21/?unit={plan.project.unit_id}&amp;show=due#rows",
    ]


def test_a_past_day_knows_nothing_of_later_reports(office_client, plans):
    early, late = (dt.datetime(2024, 5, day, tzinfo=dt.UTC) for day in (20, 25))
    for model in (AnnualPlan, Project):
        model.history.update(history_date=early)
    for report in WeeklyDispatch.objects.all():
        report._history_date = early if report.week == 20 else late
        report.save()

    def told(query):
        found = office_client.get(f"/dispatch/quality/{query}").context["listing"].findings
        return [finding.kind for finding in found]

    assert told("?as_of=2024-05-23") == []
    assert told("?as_of=2024-05-24") == [Kind.MISSING] * 3
    assert told("?as_of=2024-05-25") == told("") == [Kind.PERCENT_FALLS] * 2


def test_links_of_a_past_day_keep_it(office_client, plans):
    html = office_client.get("/dispatch/quality/?as_of=2024-05-24").content.decode()

    assert html.count("以下是<b>截至 2024-05-24") == 1
    assert 'href="/dispatch/weeks/?year=2024"' in html


def test_the_file_lists_what_the_page_does_under_its_filters_and_is_noted(office_client, plans):
    answer = office_client.get("/dispatch/quality/export/?explained=no")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.getvalue())).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert sheet["A2"].value == "截至2024年5月31日　说明：没有说明　列入不等于有错，请核实"
    assert [row[:5] for row in rows] == [[1, "工程量倒退", "没有说明", "没有说明局", "第21周"]]
    assert rows[0][6] == "没有说明"
    assert list(AuditEntry.objects.filter(action="导出").values_list("summary", flat=True)) == [
        "2024年沁源县周调度数据核实清单（演示数据）（.xlsx）"
    ]


def test_the_page_leads_to_the_file_of_its_filters(office_client, plans):
    html = office_client.get("/dispatch/quality/?explained=no&kind=percent-falls").content.decode()

    assert 'href="/dispatch/quality/export/?year=2024&amp;kind=percent-falls&amp;explained=no"' in html


def test_page_says_that_nothing_was_found(office_client):
    factories.clock(2024, 5, 31, 10)

    html = office_client.get("/dispatch/quality/").content.decode()

    assert html.count("2024年的周调度中，没有发现需要再核实的情况。") == 1


@pytest.mark.parametrize(
    ("role", "status"), [("office", 200), ("reporter", 404), ("leader", 404), ("inspector", 404), ("auditor", 404)]
)
def test_page_is_the_reviewer_s_alone(client, role, status):
    factories.clock(2024, 5, 31, 10)
    client.force_login(factories.user(role, unit=factories.unit() if role == "reporter" else None))

    assert client.get("/dispatch/quality/").status_code == status
    assert client.get("/dispatch/quality/export/").status_code == status
    assert ("数据质量" in client.get("/dispatch/2024/22/").content.decode()) is (status == 200)
