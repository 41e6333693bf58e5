"""The pages of factors, funds, services and outcomes: lists and their filters, a project's forms, and who may."""

import datetime as dt
import io
import uuid
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import AuditEntry
from portfolio.models.outcomes import Outcome
from portfolio.models.permits import FactorNeed, FundFlow, FundSource, ServiceRequest
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2024, 5, 31)
DAY = dt.timedelta(days=1)
READERS = ("office", "reporter", "leader", "inspector", "auditor", "sysadmin")
NAMES = ("factors", "funds", "services", "outcomes")
MODELS = {"factors": FactorNeed, "funds": FundSource, "services": ServiceRequest, "outcomes": Outcome}
SENT = {
    "factors": {"factor": "land", "measure": "亩", "needed": "120.5", "secured": "80"},
    "funds": {"kind": "bond", "planned": "5,000"},
    "services": {"phase": "building", "title": "施工临时用电", "asked_on": "2024-05-20", "promised_on": "2024-05-30"},
    "outcomes": {"kind": "capacity", "measure": "万吨/年", "promised": "20", "reached": "12", "counted_on": "2024-05"},
}


@pytest.fixture
def plan():
    factories.clock(2024, 5, 31, 10)
    return factories.plan(seq=1, project__name="大桥", project__unit=factories.unit("交通局"))


@pytest.fixture
def office(client, plan):
    user = factories.user("office")
    client.force_login(user)
    return user


def need(plan, needed="100", secured="0", **fields):
    amounts = {"needed": Decimal(needed), "secured": Decimal(secured), "factor": "land", "measure": "亩"}
    return FactorNeed.objects.create(county=plan.county, project=plan.project, **{**amounts, **fields})


def source(plan, kind="bond", planned="100"):
    planned = None if planned is None else Decimal(planned)
    return FundSource.objects.create(county=plan.county, project=plan.project, kind=kind, planned=planned)


def flow(of_source, amount, kind="arrived", day=TODAY):
    at = of_source.county.business_now()
    values = {"kind": kind, "day": day, "amount": Decimal(amount), "noted_at": at}
    return FundFlow.objects.create(county=of_source.county, source=of_source, **values)


def service(plan, **fields):
    values = {"phase": "building", "title": "用电", "asked_on": TODAY - 10 * DAY, **fields}
    return ServiceRequest.objects.create(county=plan.county, project=plan.project, **values)


def outcome(plan, **fields):
    type(plan.project).objects.filter(pk=plan.project_id).update(stage="in_operation")
    return factories.outcome(plan.project, **{"promised": "20", "reached": "12", **fields})


def post(client, plan, name, query="", **changed):
    data = {"form_key": uuid.uuid4(), **SENT[name], **changed}
    return client.post(f"/projects/{plan.project_id}/{name}/{query}", data)


# The county's lists


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("role", READERS)
def test_everybody_reads_the_lists_and_the_workbook(client, plan, role, name):
    client.force_login(factories.user(role))

    assert [client.get(f"/permits/{name}/{end}").status_code for end in ("", "export/")] == [200, 200]


@pytest.mark.parametrize("name", NAMES)
def test_visitors_are_sent_to_sign_in(client, plan, name):
    paths = (f"/permits/{name}/", f"/permits/{name}/export/", f"/projects/{plan.project_id}/{name}/")

    assert [client.get(path).status_code for path in paths] == [302, 302, 302]


def test_list_of_factors_is_filtered_by_unit_factor_and_state(client, office, plan):
    other = factories.plan(seq=2, project__unit=factories.unit("水利局"))
    need(plan, secured="100")
    need(plan, factor="labour", measure="人", due_on=TODAY - DAY)
    need(other)

    def found(query):
        return [
            (row.plan.seq, row.row.factor) for row in client.get(f"/permits/factors/?{query}").context["listing"].rows
        ]

    assert found("") == [(1, "land"), (1, "labour"), (2, "land")]
    assert found(f"unit={other.project.unit_id}") == [(2, "land")]
    assert found("kind=labour") == found("state=overdue") == [(1, "labour")]
    assert found("state=gap") == [(2, "land")]
    assert found("state=nonsense") == found("")


def test_list_pages_by_fifty_and_goes_to_paper_whole(client, office, plan):
    for number in range(51):
        need(plan, detail=f"第 {number} 块")

    pages = [client.get(f"/permits/factors/?{query}").context["listing"].rows for query in ("", "page=2", "print=1")]

    assert [len(rows) for rows in pages] == [50, 1, 51]


def test_funds_add_up_to_the_cent(client, office, plan):
    for kind in ("bond", "loan", "own"):
        flow(source(plan, kind, "0.10"), "0.10")

    total = client.get("/permits/funds/").context["total"]

    assert (total.planned, total.arrived, total.gap) == (Decimal("0.30"), Decimal("0.30"), 0)


def test_workbook_of_funds_is_filtered_and_summed(client, office, plan):
    flow(source(plan, "bond", "100.50"), "40.25")
    source(plan, "loan", "7")

    sheet = load_workbook(io.BytesIO(client.get("/permits/funds/export/?kind=bond").getvalue())).active

    assert [cell.value for cell in sheet[4]][3:8] == ["专项债", 100.5, 40.25, 0, 60.25]
    assert [cell.value for cell in sheet[5]][4:8] == [100.5, 40.25, 0, 60.25]


def test_workbook_takes_text_for_text(client, office, plan):
    need(plan, detail="=1+1")
    service(plan, title="=1+1")

    cells = [
        load_workbook(io.BytesIO(client.get(f"/permits/{name}/export/").getvalue())).active[place]
        for name, place in (("factors", "E4"), ("services", "E4"))
    ]

    assert [(cell.value, cell.data_type) for cell in cells] == [("=1+1", "s"), ("=1+1", "s")]


@pytest.mark.parametrize("name", NAMES)
def test_lists_and_forms_take_as_many_queries_for_60_rows_as_for_6(client, office, plan, name):
    unit, used = factories.unit(), []
    paths = [f"/permits/{name}/?print=1", f"/projects/{plan.project_id}/{name}/"]
    kinds = iter(["bond", "loan", "own", "city", "county", "central", "province", "other"])
    client.get(paths[0])

    for more in (2, 20):
        for number in range(more):
            other = factories.plan(project__unit=unit)
            flow(source(other), "5")
            need(other, unit=unit)
            service(other, unit=unit)
            outcome(other)
            need(plan, detail=f"{more} {number}", unit=unit)
            service(plan, unit=unit)
            outcome(plan, detail=f"{more} {number}")
        for _ in range(4):
            flow(source(plan, next(kinds)), "5")
        counts = []
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            counts.append(len(queries))
        used.append(counts)

    assert used[0] == used[1]


@pytest.mark.parametrize("name", NAMES)
def test_another_countys_rows_are_not_in_the_lists(client, plan, name):
    need(plan), source(plan), service(plan), outcome(plan)
    client.force_login(factories.user("office", county=factories.county("140430", "沁县")))

    assert client.get(f"/permits/{name}/").context["listing"].rows == []
    assert client.get(f"/projects/{plan.project_id}/{name}/").status_code == 404
    assert post(client, plan, name).status_code == 404


def test_list_of_factors_may_begin_with_what_is_longest_overdue(client, office, plan):
    other = factories.plan(seq=2)
    need(plan, secured="100")
    need(plan, factor="water", due_on=TODAY)
    need(other, due_on=TODAY - DAY)
    need(other, factor="water", due_on=TODAY - 2 * DAY)

    rows = client.get("/permits/factors/?sort=late").context["listing"].rows

    assert [(row.plan.seq, row.row.factor) for row in rows] == [(2, "water"), (2, "land"), (1, "water"), (1, "land")]


def test_list_of_funds_may_begin_with_what_lacks_most(client, office, plan):
    other = factories.plan(seq=2)
    flow(source(plan, planned="100"), "40")
    source(plan, kind="loan", planned=None)
    source(other, planned="60.01")

    rows = client.get("/permits/funds/?sort=gap").context["listing"].rows

    assert [(row.plan.seq, row.gap) for row in rows] == [(2, Decimal("60.01")), (1, Decimal(60)), (1, None)]


def test_list_of_outcomes_is_filtered_and_put_in_order(client, office, plan):
    other = factories.plan(seq=2, project__unit=factories.unit("水利局"), project__stage="in_operation")
    third = factories.plan(seq=3, project__stage="in_operation")
    factories.plan(seq=4, project__stage="building")
    outcome(plan)
    outcome(plan, kind="jobs", measure="人", reached="20")
    outcome(third, reached="2")

    def found(query):
        rows = client.get(f"/permits/outcomes/?{query}").context["listing"].rows
        return [(row.plan.seq, row.row and row.row.kind) for row in rows]

    assert found("") == [(1, "capacity"), (1, "jobs"), (2, None), (3, "capacity")]
    assert found("sort=short") == [(3, "capacity"), (1, "capacity"), (2, None), (1, "jobs")]
    assert found(f"unit={other.project.unit_id}") == found("state=missing") == found("kind=none") == [(2, None)]
    assert found("state=short&sort=nonsense") == [(1, "capacity"), (3, "capacity")]


def test_page_of_outcomes_tells_who_is_furthest_short_and_the_sums(client, office, plan):
    other = factories.plan(seq=2, project__name="糖厂")
    outcome(plan)
    outcome(other, reached="1.5")

    context = client.get("/permits/outcomes/").context

    (total,) = context["sums"]
    assert (context["furthest"][0].project, total.promised, total.reached) == (other.project, 40, Decimal("13.5"))


def test_workbook_of_outcomes_has_its_sums_below(client, office, plan):
    outcome(plan, detail="=1+1")
    outcome(plan, kind="tax", measure="万元", promised="100.50", reached=None)
    factories.plan(seq=2, project__name="糖厂", project__stage="in_operation")

    sheet = load_workbook(io.BytesIO(client.get("/permits/outcomes/export/").getvalue())).active

    lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=4)]
    assert [line[1:11] for line in lines] == [
        ["大桥", "交通局", "产能", "=1+1", "万吨/年", 20, 12, 0.6, "2024-05-31", "未达到"],
        ["大桥", "交通局", "年税收", None, "万元", 100.5, None, None, None, "未填实际"],
        ["糖厂", None, None, None, None, None, None, None, None, "未填写"],
        ["合计", "1 项", "产能", None, "万吨/年", 20, 12, 0.6, None, None],
        ["合计", "1 项", "年税收", None, "万元", 0, 0, None, None, None],
    ]
    assert sheet["E4"].data_type == "s"


@pytest.mark.parametrize(("kind", "measure"), [("output", "万元"), ("tax", "万元"), ("jobs", "人")])
def test_measure_that_goes_without_saying_need_not_be_typed(client, office, plan, kind, measure):
    answer = post(client, plan, "outcomes", kind=kind, measure="")

    assert (answer.status_code, Outcome.objects.get().measure) == (302, measure)


def test_form_of_an_outcome_shows_the_period_as_it_was_written(client, office, plan):
    post(client, plan, "outcomes", counted_on="2024年一季度")
    row = Outcome.objects.get()

    page = client.get(f"/projects/{plan.project_id}/outcomes/?edit={row.pk}")
    again = post(client, plan, "outcomes", f"?edit={row.pk}", version=1, counted_on="2024年一季度")

    assert (row.counted_on, row.counted_on_precision) == (dt.date(2024, 3, 31), "q")
    assert 'value="2024年一季度"' in page.content.decode()
    assert (again.status_code, Outcome.objects.get().row_version) == (302, 1)


# One project


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("role", READERS)
def test_everybody_reads_and_only_office_and_own_unit_write(client, plan, role, name):
    unit = plan.project.unit if role == "reporter" else None
    client.force_login(factories.user(role, unit=unit))

    page = client.get(f"/projects/{plan.project_id}/{name}/")
    answer = post(client, plan, name)

    may = role in {"office", "reporter"}
    assert (page.status_code, page.context["form"] is not None) == (200, may)
    assert MODELS[name].objects.count() == may
    # The auditor is turned away before any view.
    assert answer.status_code == (302 if may else 403 if role == "auditor" else 404)


def test_reporter_of_another_unit_writes_nothing_and_is_noted(client, plan):
    client.force_login(factories.user("reporter", unit=factories.unit()))
    of_bond = source(plan)
    noted = flow(of_bond, "5")
    base = f"/projects/{plan.project_id}/funds"

    answers = [post(client, plan, name).status_code for name in NAMES]
    answers.append(client.post(f"{base}/flows/", {}).status_code)
    answers.append(client.post(f"{base}/flows/{noted.pk}/delete/").status_code)

    assert answers == [404] * 6
    assert AuditEntry.objects.filter(outcome=AuditEntry.Outcome.REFUSED).count() == 6
    assert FundFlow.objects.count() == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_row_is_changed_and_deleted(client, office, plan, name):
    post(client, plan, name)
    row = MODELS[name].objects.get()
    field = "answer" if name == "services" else "note"
    more = {"answer": "已接电", "answered_on": "2024-05-30"} if name == "services" else {"note": "已批复"}

    changed = post(client, plan, name, f"?edit={row.pk}", version=1, **more)
    row.refresh_from_db()
    deleted = [post(client, plan, name, f"?edit={row.pk}", version=2, act="delete").status_code for _ in range(2)]

    assert (changed.status_code, getattr(row, field), row.row_version) == (302, more[field], 2)
    assert (deleted, MODELS[name].objects.count()) == ([302, 302], 0)


def test_form_of_an_old_page_keeps_what_was_typed(client, office, plan):
    post(client, plan, "factors")
    edit = f"?edit={FactorNeed.objects.get().pk}"
    post(client, plan, "factors", edit, version=1, secured="90")

    answer = post(client, plan, "factors", edit, version=1, secured="70")
    form = answer.context["form"]
    again = post(client, plan, "factors", edit, version=form["version"].value(), secured=form["secured"].value())

    assert (answer.status_code, again.status_code) == (409, 302)
    assert FactorNeed.objects.get().secured == 70


def test_delete_of_an_old_page_is_refused(client, office, plan):
    post(client, plan, "factors")
    edit = f"?edit={FactorNeed.objects.get().pk}"
    post(client, plan, "factors", edit, version=1, secured="90")

    answer = post(client, plan, "factors", edit, version=1, act="delete")

    assert (answer.status_code, FactorNeed.objects.count()) == (409, 1)


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("factors", {"needed": "很多"}, "“需要”不是数字：很多。"),
        ("factors", {"needed": "-1"}, "“需要”不能小于 0。"),
        ("factors", {"measure": ""}, "请填写“计量单位”。"),
        ("factors", {"due_on": "五月"}, "“应落实日期”不是日期，请写成 2024-05-31 这样的年月日。"),
        ("factors", {"due_on": "0001-01-01"}, "“应落实日期”请填写 1990-01-01 至 2099-12-31 之间的日期。"),
        ("funds", {"planned": "9999999999999"}, "超过 12 位整数，请核对单位。"),
        ("services", {"asked_on": "2024-06-01", "promised_on": ""}, "提出日期 2024-06-01 还没有到"),
        ("services", {"answer": "已接电"}, "写了办理结果的，请填写办结日期。"),
        ("outcomes", {"measure": ""}, "产能请填写计量单位，如 万吨/年、立方米/日。"),
        ("outcomes", {"promised": "", "reached": "", "counted_on": ""}, "承诺和实际至少填写一项。"),
        ("outcomes", {"counted_on": ""}, "填了实际的，请写明截至哪一天或哪一年。"),
        ("outcomes", {"counted_on": "2024-06"}, "2024-06 还没有到，请填写已有的实际数截至的时间。"),
        ("outcomes", {"counted_on": "去年"}, "“去年”不是能识别的日期"),
        ("outcomes", {"reached": "-1"}, "“实际”不能小于 0。"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(client, office, plan, name, given, told):
    answer = post(client, plan, name, **given)

    assert (answer.status_code, MODELS[name].objects.count()) == (400, 0)
    assert told in answer.content.decode()


@pytest.mark.parametrize("version", ["", "x", "0", "²"])
def test_form_with_a_made_up_version_is_refused(client, office, plan, version):
    row = need(plan)

    answer = post(client, plan, "factors", f"?edit={row.pk}", version=version)

    assert (answer.status_code, FactorNeed.objects.get().needed) == (400, 100)


@pytest.mark.parametrize("edit", ["", "x", "99999", "²"])
def test_a_row_that_is_not_there_is_not_edited(client, office, plan, edit):
    assert client.get(f"/projects/{plan.project_id}/factors/?edit={edit}").status_code == 404


def test_a_row_of_another_project_is_not_edited_here(client, office, plan):
    row = need(factories.plan())

    assert post(client, plan, "factors", f"?edit={row.pk}", version=1).status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_past_day_is_read_only(client, office, plan, name):
    type(plan.project).history.update(history_date=dt.datetime(2024, 5, 1, tzinfo=dt.UTC))
    type(plan).history.update(history_date=dt.datetime(2024, 5, 1, tzinfo=dt.UTC))

    page = client.get(f"/projects/{plan.project_id}/{name}/?as_of=2024-05-20")

    assert (page.status_code, page.context["form"]) == (200, None)
    assert post(client, plan, name, "?as_of=2024-05-20").status_code == 404


def test_pages_of_permits_lead_to_the_others(client, office, plan):
    county, project = (
        client.get(path).content.decode() for path in ("/permits/", f"/projects/{plan.project_id}/permits/")
    )

    assert [f"/permits/{name}/?year=2024" in county for name in NAMES] == [True] * 4
    assert [f"/projects/{plan.project_id}/{name}/" in project for name in NAMES] == [True] * 4


# Money that arrives and is paid


def test_flow_is_noted_and_deleted(client, office, plan):
    of_bond = source(plan)
    path = f"/projects/{plan.project_id}/funds/flows/"
    sent = {"form_key": uuid.uuid4(), "source": of_bond.pk, "kind": "arrived", "day": "2024-05-20", "amount": "60.5"}

    added = [client.post(path, sent).status_code for _ in range(2)]
    row = client.get(f"/projects/{plan.project_id}/funds/").context["rows"][0]
    deleted = [client.post(f"{path}{row.flows[0].pk}/delete/").status_code for _ in range(2)]

    assert (added, row.arrived, row.gap) == ([302, 302], Decimal("60.50"), Decimal("39.50"))
    assert (deleted, FundFlow.objects.count()) == ([302, 302], 0)


def test_flow_to_come_is_refused_and_what_was_typed_stays(client, office, plan):
    of_bond = source(plan)
    sent = {"form_key": uuid.uuid4(), "source": of_bond.pk, "kind": "paid", "day": "2024-06-01", "amount": "60.5"}

    answer = client.post(f"/projects/{plan.project_id}/funds/flows/", sent)

    page = answer.content.decode()
    assert (answer.status_code, FundFlow.objects.count()) == (400, 0)
    assert "日期 2024-06-01 还没有到，请在资金到位或支付后登记。" in page
    assert 'value="60.5"' in page


def test_flow_of_another_projects_source_is_refused(client, office, plan):
    foreign = source(factories.plan())
    sent = {"form_key": uuid.uuid4(), "source": foreign.pk, "kind": "paid", "day": "2024-05-20", "amount": "5"}

    answer = client.post(f"/projects/{plan.project_id}/funds/flows/", sent)
    noted = flow(foreign, "5")
    client.post(f"/projects/{plan.project_id}/funds/flows/{noted.pk}/delete/")

    assert (answer.status_code, FundFlow.objects.count()) == (400, 1)


def test_no_phone_leaves_in_a_file(client, plan, office):
    said = "联系张工 13812345678"
    need(plan, note=said)
    of_source = source(plan)
    type(of_source).objects.update(note=said)
    asked = {"phase": "building", "title": "用电", "asked_on": TODAY, "answer": said}
    ServiceRequest.objects.create(county=plan.county, project=plan.project, **asked)

    files = [client.get(f"/permits/{name}/export/").getvalue() for name in ("factors", "funds", "services")]

    cells = [[cell.value for row in load_workbook(io.BytesIO(file)).active for cell in row] for file in files]
    assert [[value for value in found if "张工" in str(value)] for found in cells] == [["联系张工 138****5678"]] * 3
