"""Writing factors, funds, requests and outcomes: history, second submit, stale rows, contradictions, and who may."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest

from accounts.models import AuditEntry
from portfolio.actions import changes, funds, project_rows
from portfolio.actions.register import Invalid
from portfolio.models import ChangeSet, Project
from portfolio.models.outcomes import Outcome
from portfolio.models.permits import FactorNeed, FundFlow, FundSource, ServiceRequest
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2024, 5, 31)
DAY = dt.timedelta(days=1)
NEED = {
    "factor": "land",
    "detail": "",
    "measure": "亩",
    "needed": Decimal("120.50"),
    "secured": Decimal("80"),
    "unit": None,
    "due_on": None,
    "note": "",
}
SOURCE = {"kind": "bond", "planned": Decimal("5000"), "note": ""}
REQUEST = {
    "phase": "building",
    "title": "施工临时用电",
    "asked_on": TODAY - 9 * DAY,
    "unit": None,
    "taken_on": TODAY - 8 * DAY,
    "promised_on": TODAY,
    "answered_on": None,
    "answer": "",
}
OUTCOME = {
    "kind": "capacity",
    "detail": "锂电池",
    "measure": "吉瓦时/年",
    "promised": Decimal("2"),
    "promised_in": "备案文件",
    "due_on": None,
    "reached": None,
    "counted_on": None,
    "counted_on_precision": "",
    "note": "",
}
ROWS = [(FactorNeed, NEED), (FundSource, SOURCE), (ServiceRequest, REQUEST), (Outcome, OUTCOME)]


@pytest.fixture
def office():
    factories.clock(2024, 5, 31, 10)
    return factories.user("office")


@pytest.fixture
def project(office):
    return factories.project("大桥", unit=factories.unit("交通局"))


def save(by, project, model, values, **more):
    return project_rows.save(by=by, project=project, model=model, values=values, **more)


@pytest.fixture
def source(office, project):
    save(office, project, FundSource, SOURCE)
    return FundSource.objects.get()


def flow(by, source, kind="arrived", amount="100.01", day=TODAY, **more):
    return funds.add_flow(by=by, source=source, kind=kind, day=day, amount=Decimal(amount), **more)


@pytest.mark.parametrize(("model", "values"), ROWS)
def test_a_row_is_added_with_history_and_audit(office, project, model, values):
    save(office, project, model, values)

    row = model.objects.get()
    assert (row.project, row.county, row.row_version) == (project, project.county, 1)
    assert row.history.get().change_set == ChangeSet.objects.get()


def test_the_audit_tells_what_was_written(office, project):
    told = []
    for model, values in ROWS:
        save(office, project, model, values)
        told.append(AuditEntry.objects.latest("pk").summary)

    assert told == [
        "大桥：要素保障，新增 用地 需要 120.50 亩，已落实 80",
        "大桥：资金来源，新增 专项债 计划 5000 万元",
        "大桥：一站式服务，新增 建设“施工临时用电”",
        "大桥：见效情况，新增 产能（锂电池） 承诺 2 吉瓦时/年，实际 未填",
    ]


@pytest.mark.parametrize(("model", "values"), ROWS)
def test_the_same_form_twice_writes_once(office, project, model, values):
    key = uuid.uuid4()

    done = [save(office, project, model, values, form_key=key) for _ in range(2)]

    assert (done[1], model.objects.count(), ChangeSet.objects.count()) == (None, 1, 1)


@pytest.mark.parametrize(("model", "values"), ROWS)
def test_a_row_left_as_it_is_is_not_written(office, project, model, values):
    save(office, project, model, values)

    again = save(office, project, model, values, pk=model.objects.get().pk, version=1)

    assert (again, ChangeSet.objects.count()) == (None, 1)


def test_a_row_that_someone_else_changed_is_neither_overwritten_nor_deleted(office, project):
    save(office, project, FactorNeed, NEED)
    pk = FactorNeed.objects.get().pk
    save(office, project, FactorNeed, NEED | {"secured": Decimal(90)}, pk=pk, version=1)

    with pytest.raises(changes.StaleRow):
        save(office, project, FactorNeed, NEED | {"secured": Decimal(70)}, pk=pk, version=1)
    with pytest.raises(changes.StaleRow):
        project_rows.delete(by=office, project=project, model=FactorNeed, pk=pk, version=1)

    assert FactorNeed.objects.get().secured == 90


@pytest.mark.parametrize(("model", "values"), ROWS)
def test_a_deleted_row_leaves_its_history_and_goes_once(office, project, model, values):
    save(office, project, model, values)
    of_row = {"by": office, "project": project, "model": model, "pk": model.objects.get().pk, "version": 1}

    first, second = project_rows.delete(**of_row), project_rows.delete(**of_row)

    assert (first.summary[:2], second, model.objects.count()) == ("大桥", None, 0)
    assert [record.history_type for record in model.history.order_by("history_id")] == ["+", "-"]


@pytest.mark.parametrize(("model", "values"), ROWS)
def test_reporter_writes_the_own_units_projects_only(project, model, values):
    own = factories.user("reporter", unit=project.unit)
    other = factories.user("reporter", unit=factories.unit())

    save(own, project, model, values)

    pk = model.objects.get().pk
    with pytest.raises(Project.DoesNotExist):
        save(other, project, model, values, pk=pk, version=1)
    with pytest.raises(Project.DoesNotExist):
        project_rows.delete(by=other, project=project, model=model, pk=pk, version=1)
    assert model.objects.count() == 1


@pytest.mark.parametrize("role", ["leader", "inspector", "auditor", "sysadmin"])
def test_other_roles_write_no_row(role, project, source):
    by = factories.user(role)

    with pytest.raises(Project.DoesNotExist):
        save(by, project, FactorNeed, NEED)
    with pytest.raises(Project.DoesNotExist):
        flow(by, source)

    assert (FactorNeed.objects.count(), FundFlow.objects.count()) == (0, 0)


def test_a_row_of_another_project_is_not_there(office, project):
    save(office, project, FactorNeed, NEED)
    pk = FactorNeed.objects.get().pk

    with pytest.raises(FactorNeed.DoesNotExist):
        save(office, factories.project(), FactorNeed, NEED, pk=pk, version=1)


@pytest.mark.parametrize(
    ("model", "values", "field"),
    [(FactorNeed, NEED, "factor"), (FundSource, SOURCE, "kind"), (Outcome, OUTCOME, "kind")],
)
def test_what_is_there_already_is_refused(office, project, model, values, field):
    save(office, project, model, values)

    with pytest.raises(Invalid) as refusal:
        save(office, project, model, values)

    assert (refusal.value.problems.keys(), model.objects.count()) == ({field}, 1)


def test_one_factor_stands_twice_with_another_content(office, project):
    save(office, project, FactorNeed, NEED)

    assert save(office, project, FactorNeed, NEED | {"detail": "林地"})


def test_funds_are_needed_in_ten_thousand_yuan(office, project):
    with pytest.raises(Invalid) as refusal:
        save(office, project, FactorNeed, NEED | {"factor": "funds", "measure": "亿元"})

    assert refusal.value.problems == {"measure": "资金的计量单位请填“万元”。"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"asked_on": TODAY + DAY, "taken_on": None, "promised_on": None}, "asked_on"),
        ({"taken_on": TODAY - 10 * DAY}, "taken_on"),
        ({"taken_on": TODAY + DAY}, "taken_on"),
        ({"promised_on": TODAY - 10 * DAY}, "promised_on"),
        ({"answered_on": TODAY - 9 * DAY, "answer": "已接电"}, "answered_on"),
        ({"answered_on": TODAY + DAY, "answer": "已接电"}, "answered_on"),
        ({"answered_on": TODAY}, "answer"),
        ({"answer": "已接电"}, "answered_on"),
    ],
)
def test_request_that_contradicts_itself_is_refused(office, project, given, field):
    with pytest.raises(Invalid) as refusal:
        save(office, project, ServiceRequest, REQUEST | given)

    assert (refusal.value.problems.keys(), ServiceRequest.objects.count()) == ({field}, 0)


@pytest.mark.parametrize(
    "given",
    [
        {"asked_on": TODAY, "taken_on": TODAY, "promised_on": TODAY},
        {"answered_on": TODAY - 8 * DAY, "answer": "已接电"},
        {"answered_on": TODAY, "answer": "已接电"},
    ],
)
def test_days_on_the_boundary_are_taken(office, project, given):
    assert save(office, project, ServiceRequest, REQUEST | given)


# Money that arrives and is paid


def test_a_flow_is_noted_once(office, source):
    key = uuid.uuid4()

    done = [flow(office, source, form_key=key) for _ in range(2)]

    assert (done[1], FundFlow.objects.get().amount, FundFlow.objects.get().noted_by) == (
        None,
        Decimal("100.01"),
        office,
    )
    assert AuditEntry.objects.latest("pk").summary == "大桥：登记资金 专项债 2024-05-31 到位 100.01 万元"


@pytest.mark.parametrize(
    ("given", "field"), [({"day": TODAY + DAY}, "day"), ({"amount": "0"}, "amount"), ({"amount": "-1"}, "amount")]
)
def test_a_flow_to_come_or_of_nothing_is_refused(office, source, given, field):
    with pytest.raises(Invalid) as refusal:
        flow(office, source, **given)

    assert (refusal.value.problems.keys(), FundFlow.objects.count()) == ({field}, 0)


def test_a_source_with_flows_stays_until_they_are_deleted(office, project, source):
    of_row = {"by": office, "project": project, "model": FundSource, "pk": source.pk, "version": 1}
    noted = flow(office, source)

    with pytest.raises(Invalid) as refusal:
        project_rows.delete(**of_row)
    first, second = (funds.delete_flow(by=office, flow=noted) for _ in range(2))
    project_rows.delete(**of_row)

    assert refusal.value.problems == {
        "": "专项债已有 1 笔到位或支付记录，不能删除。请先删除这些记录。",
    }
    assert (first.summary, second) == ("大桥：删除资金 专项债 2024-05-31 到位 100.01 万元", None)
    assert FundSource.objects.count() == 0


def test_a_flow_of_another_units_project_is_not_deleted(office, source):
    noted = flow(office, source)

    with pytest.raises(Project.DoesNotExist):
        funds.delete_flow(by=factories.user("reporter", unit=factories.unit()), flow=noted)

    assert FundFlow.objects.count() == 1
