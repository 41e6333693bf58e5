"""The pages of permits: the matrix and its filters, one kind for many, a project's form, files, kinds, and who may."""

import datetime as dt
import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEntry
from portfolio import permit_files, permit_kinds
from portfolio.actions import permits as actions
from portfolio.models.permits import Permit, PermitKind
from portfolio.permit_entries import PermitEntry, values_of
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2024, 5, 31)
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
READERS = ("office", "reporter", "leader", "inspector", "auditor", "sysadmin")


@pytest.fixture
def kinds():
    county = factories.clock(2024, 5, 31, 10)
    PermitKind.objects.bulk_create(permit_kinds.default_rows(county))
    return {kind.code: kind for kind in PermitKind.objects.all()}


@pytest.fixture
def plan(kinds):
    return factories.plan(seq=1, project__name="大桥", project__stage="planned", project__unit=factories.unit("交通局"))


@pytest.fixture
def office(client):
    user = factories.user("office")
    client.force_login(user)
    return user


def permit(plan, kind, state="granted", **fields):
    return Permit.objects.create(county=plan.county, project=plan.project, kind=kind, state=state, **fields)


def path_of(plan):
    return reverse("portfolio:project-permits", args=[plan.project_id])


def sent(kinds, key=None, **of_kinds):
    """The form of a project as a browser sends it; `of_kinds` are {kind's code: {field: text}}."""
    data = {"form_key": key or uuid.uuid4()}
    for code, fields in of_kinds.items():
        data |= {f"k{kinds[code].pk}-{name}": value for name, value in fields.items()}
    return data


def names(response):
    return [row.project.name for row in response.context["listing"].rows]


# The matrix


def test_matrix_says_how_far_each_project_is(client, office, kinds, plan):
    permit(plan, kinds["approval"], granted_on=TODAY)
    permit(plan, kinds["building"], granted_on=dt.date(2024, 1, 2))

    page = client.get("/permits/").content.decode()

    assert "<b>1</b> 个项目，办结 <b>1</b> / 需办 <b>2</b> 项，在办 0、未办 0；还有 <b>12</b> 项未填" in page
    assert page.count("● 办结".replace("● ", '<span aria-hidden="true">●</span> ')) == 2
    assert "2024-01-02 办结，须在 2024-04-02 前开工，已过期 59 天" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["大桥", "水库", "学校"]),
        ("state=granted", ["大桥"]),
        ("alarm=overdue", ["水库"]),
        ("kind={land}&state=asked", ["水库"]),
        ("kind={soil}&state=asked", []),
        ("kind={soil}&state=unfilled", ["大桥", "水库", "学校"]),
        ("stage=building", ["水库"]),
        ("unit=none", ["学校"]),
        ("town=none", ["大桥", "学校"]),
        ("q=dq", ["大桥"]),
        ("sort=urgent", ["水库", "大桥", "学校"]),
        ("sort=unfilled", ["学校", "大桥", "水库"]),
        ("sort=created_by__password&state=x&kind=x&page=x", ["大桥", "水库", "学校"]),
    ],
)
def test_matrix_is_filtered_and_sorted_by_its_address(client, office, kinds, plan, query, found):
    water = {"project__unit": factories.unit("水利局"), "project__town": factories.town()}
    dam = factories.plan(seq=2, project__name="水库", project__stage="building", **water)
    factories.plan(seq=3, project__name="学校")
    permit(plan, kinds["land"], granted_on=TODAY)
    permit(dam, kinds["land"], "asked", due_on=TODAY - dt.timedelta(days=1))

    response = client.get("/permits/?" + query.format(**{code: kind.pk for code, kind in kinds.items()}))

    assert names(response) == found


def test_matrix_of_a_past_day_shows_what_was_known_then(client, office, kinds, plan):
    actions.save(
        by=office,
        project=plan.project,
        entries=[PermitEntry(kinds["land"], values_of(None) | {"state": "asked"})],
    )
    for model in (Permit, type(plan), type(plan.project)):
        model.history.update(history_date=dt.datetime(2024, 5, 30, 12, tzinfo=dt.UTC))

    counts = [client.get(f"/permits/?as_of={day}").context["listing"].tally.asked for day in ("2024-05-30", "")]

    assert counts == [1, 1]
    assert client.get("/permits/?as_of=2024-05-29").context["listing"].tally.asked == 0


@pytest.mark.parametrize("role", ["office", "leader"])
@pytest.mark.parametrize("code", [None, "land"])
def test_matrix_takes_as_many_queries_for_200_projects_as_for_20(client, kinds, role, code):
    client.force_login(factories.user(role))
    unit, town = factories.unit(), factories.town()
    address = f"/permits/?kind={kinds[code].pk}" if code else "/permits/"
    used = []
    client.get(address)

    for more in (20, 180):
        for _ in range(more):
            permit(factories.plan(project__unit=unit, project__town=town), kinds["land"])
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        used.append(len(queries))

    assert used[0] == used[1]


def test_matrix_goes_to_paper_whole_and_to_a_workbook_as_it_is_filtered(client, office, kinds, plan):
    permit(plan, kinds["land"], granted_on=TODAY, number="=1+1")
    for seq in range(2, 62):
        factories.plan(seq=seq)

    pages = [client.get(f"/permits/?{query}") for query in ("", "page=2", "print=1")]
    book = load_workbook(io.BytesIO(client.get("/permits/export/").getvalue()))
    column = load_workbook(
        io.BytesIO(client.get(f"/permits/export/?kind={kinds['land'].pk}&state=granted").getvalue())
    ).active

    assert [len(names(page)) for page in pages] == [50, 11, 61]
    assert [cell.value for cell in book.active[4]][:9] == [1, "大桥", "交通局", None, "计划新开工", 1, 1, 13, "未填"]
    assert [cell.value for cell in column[4]][5:7] == ["办结", "=1+1"]
    assert (column["G4"].data_type, column.max_row) == ("s", 4)


def test_matrix_without_kinds_leads_to_setting_them(client, office):
    factories.plan()

    assert "还没有手续种类" in client.get("/permits/").content.decode()


# One kind for many


def bulk(client, kinds, rows, **values):
    data = {"form_key": uuid.uuid4(), "row": rows, "state": "asked", **values}
    return client.post(f"/permits/set/?kind={kinds['land'].pk}&q=", data)


def test_many_projects_are_set_from_the_column(client, office, kinds, plan):
    other = factories.plan(seq=2)
    old = permit(other, kinds["land"], "not_asked")

    answer = bulk(client, kinds, [f"{plan.project_id}=", f"{other.project_id}={old.pk}:1"], asked_on="2024-05-20")

    assert answer.url == f"/permits/?kind={kinds['land'].pk}&q="
    assert set(Permit.objects.values_list("state", "asked_on")) == {("asked", dt.date(2024, 5, 20))}


@pytest.mark.parametrize(
    ("row", "values", "status", "told"),
    [
        (None, {}, 400, "还没有选择项目"),
        ("{0}=", {"state": "promised"}, 400, "选择一个有效的选项"),
        ("{0}=", {"asked_on": "2024-06-01"}, 400, "大桥：受理日期 2024-06-01 还没有到"),
        ("{0}=99:1", {}, 409, "“建设用地批准”已被他人修改"),
    ],
)
def test_what_can_not_be_set_shows_the_list_again(client, office, kinds, plan, row, values, status, told):
    answer = bulk(client, kinds, [row.format(plan.project_id)] if row else [], **values)

    assert (answer.status_code, Permit.objects.count()) == (status, 0)
    assert told in answer.content.decode()


def test_reporter_sets_no_foreign_project(client, kinds, plan):
    client.force_login(factories.user("reporter", unit=factories.unit()))

    answer = bulk(client, kinds, [f"{plan.project_id}="])

    assert (answer.status_code, Permit.objects.count()) == (404, 0)
    assert AuditEntry.objects.filter(outcome=AuditEntry.Outcome.REFUSED).count() == 1


# One project


@pytest.mark.parametrize("role", READERS)
def test_everybody_reads_and_only_office_and_own_unit_write(client, kinds, plan, role):
    unit = plan.project.unit if role == "reporter" else None
    client.force_login(factories.user(role, unit=unit))

    page = client.get(path_of(plan))
    answer = client.post(path_of(plan), sent(kinds, land={"state": "asked"}))

    may = role in {"office", "reporter"}
    assert (page.status_code, page.context["form"] is not None) == (200, may)
    assert Permit.objects.count() == may
    # The auditor is turned away before any view.
    assert answer.status_code == (302 if may else 403 if role == "auditor" else 404)


def test_form_saves_dates_number_and_approval_at_once(client, office, kinds, plan):
    land = {"state": "granted", "granted_on": "2024-05-20", "number": "沁自然资〔2024〕5号"}
    file = SimpleUploadedFile("用地批复.pdf", PDF, "text/html")

    client.post(path_of(plan), sent(kinds, land={**land, "file": file}))

    stored = Permit.objects.get()
    assert (stored.granted_on, stored.number, stored.file_name) == (
        dt.date(2024, 5, 20),
        "沁自然资〔2024〕5号",
        "用地批复.pdf",
    )


def test_form_tells_all_errors_at_once_and_keeps_what_was_typed(client, office, kinds, plan):
    land, soil = {"state": "asked", "number": "5号"}, {"state": "granted", "granted_on": "五月"}
    file = SimpleUploadedFile("a.pdf", b"MZ")

    answer = client.post(path_of(plan), sent(kinds, land=land, soil={**soil, "file": file}))

    page = answer.content.decode()
    assert (answer.status_code, Permit.objects.count()) == (400, 0)
    assert "“办结日期”不是日期，请写成 2024-05-31 这样的年月日。" in page
    assert "批文应是 PDF、JPG 或 PNG 文件，而且能够打开。请重新扫描或重选。" in page
    assert 'value="5号"' in page


@pytest.mark.parametrize(("count", "status"), [(5, 302), (6, 400)])
def test_form_takes_five_approvals_at_once(client, office, kinds, plan, count, status):
    files = {code: {"state": "granted", "file": SimpleUploadedFile("a.pdf", PDF)} for code in list(kinds)[:count]}

    assert client.post(path_of(plan), sent(kinds, **files)).status_code == status


def test_form_of_an_old_page_keeps_what_was_typed_and_shows_what_others_did(client, office, kinds, plan):
    land, soil = permit(plan, kinds["land"], "asked"), permit(plan, kinds["soil"], "asked")
    for row in (land, soil):
        other = PermitEntry(row.kind, values_of(row) | {"state": "not_asked"}, f"{row.pk}:1")
        actions.save(by=office, project=plan.project, entries=[other])
    old_page = sent(
        kinds,
        land={"state": "asked", "note": "催办", "seen": f"{land.pk}:1"},
        soil={"state": "asked", "seen": f"{soil.pk}:1"},
    )

    answer = client.post(path_of(plan), old_page)
    form = {row.kind.code: row for row in answer.context["form"].forms}
    again = client.post(
        path_of(plan),
        sent(
            kinds,
            **{
                code: {name: row[name].value() or "" for name in ("seen", "state", "note")}
                for code, row in form.items()
            },
        ),
    )

    assert (answer.status_code, again.status_code) == (409, 302)
    assert form["land"].errors["state"] == ["他人已把这一项改为“未办”，请核对。"]
    assert set(Permit.objects.values_list("kind__code", "state", "note")) == {
        ("land", "asked", "催办"),
        ("soil", "not_asked", ""),
    }


@pytest.mark.parametrize("seen", ["x", "1", "1:2:3", "²:1", "1:1 OR 1=1"])
def test_form_with_a_made_up_version_is_refused(client, office, kinds, plan, seen):
    answer = client.post(path_of(plan), sent(kinds, land={"state": "asked", "seen": seen}))

    assert (answer.status_code, Permit.objects.count()) == (400, 0)


def test_past_day_is_read_only(client, office, kinds, plan):
    type(plan.project).history.update(history_date=dt.datetime(2024, 5, 1, tzinfo=dt.UTC))
    type(plan).history.update(history_date=dt.datetime(2024, 5, 1, tzinfo=dt.UTC))

    page = client.get(path_of(plan) + "?as_of=2024-05-20")
    answer = client.post(path_of(plan) + "?as_of=2024-05-20", sent(kinds, land={"state": "asked"}))

    assert (page.context["form"], answer.status_code, Permit.objects.count()) == (None, 404, 0)


def test_projects_of_another_county_are_not_there(client, office, kinds):
    foreign = factories.project(county=factories.county("140430", "沁县"))
    path = reverse("portfolio:project-permits", args=[foreign.pk])

    assert [client.get(path).status_code, client.post(path, sent(kinds)).status_code] == [404, 404]


def test_project_page_says_how_far_its_permits_are(client, office, kinds, plan):
    permit(plan, kinds["soil"], valid_until=TODAY)

    page = client.get(plan.project.get_absolute_url()).content.decode()

    assert "办结 <b>1</b> / 需办 <b>1</b> 项，未填 13 项</p>" in page
    assert "水保：有效期至 2024-05-31，今天到期" in page


# Approvals


@pytest.fixture
def approval(office, kinds, plan):
    file = permit_files.prepare(SimpleUploadedFile("用地\r\n批复.html", PDF))
    entry = PermitEntry(kinds["land"], values_of(None) | {"state": "granted"}, file=file)
    actions.save(by=office, project=plan.project, entries=[entry])
    return Permit.objects.get()


@pytest.mark.parametrize("role", READERS)
def test_approval_is_a_download_of_a_fixed_type(client, approval, role):
    client.force_login(factories.user(role))

    answer = client.get(f"/permits/{approval.pk}/file/")

    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, PDF)
    assert {name: answer[name] for name in ("Content-Type", "X-Content-Type-Options", "Content-Disposition")} == {
        "Content-Type": "application/pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": "attachment; filename*=utf-8''%E7%94%A8%E5%9C%B0%E6%89%B9%E5%A4%8D.pdf",
    }


def test_approval_is_not_for_visitors_and_other_counties(client, approval):
    client.logout()
    visitor = client.get(f"/permits/{approval.pk}/file/").status_code
    client.force_login(factories.user("office", county=factories.county("140430", "沁县")))

    assert (visitor, client.get(f"/permits/{approval.pk}/file/").status_code) == (302, 404)


def test_permit_without_an_approval_has_no_file(client, office, kinds, plan):
    assert client.get(f"/permits/{permit(plan, kinds['land']).pk}/file/").status_code == 404


# Kinds


def test_office_changes_a_kind_and_adds_one(client, office, kinds, plan):
    fields = {
        "name": "水保方案",
        "short_name": "水保",
        "phase": "planning",
        "seq": 5,
        "valid_months": 36,
        "is_active": "on",
    }
    client.post(f"/permits/kinds/{kinds['soil'].pk}/edit/", fields)
    client.post("/permits/kinds/add/", {**fields, "name": "文物勘探", "short_name": "文物"})

    first, second = PermitKind.objects.order_by("seq", "pk")[:2]
    assert [(row.name, row.valid_months) for row in (first, second)] == [("水保方案", 36), ("文物勘探", 36)]
    assert AuditEntry.objects.filter(summary__contains="水土保持方案批复").exists()


@pytest.mark.parametrize("role", [role for role in READERS if role != "office"])
def test_others_read_the_kinds_and_change_none(client, kinds, plan, role):
    client.force_login(factories.user(role))
    path = f"/permits/kinds/{kinds['soil'].pk}/edit/"

    statuses = [client.get(path).status_code, client.post(path, {"name": "x"}).status_code]
    statuses += [client.post(f"/permits/kinds/{verb}/").status_code for verb in ("add", "defaults")]

    assert client.get("/permits/kinds/").status_code == 200
    assert set(statuses) <= {403, 404}


def test_county_without_kinds_takes_the_defaults_by_one_button(client, office):
    before = client.get("/permits/kinds/").content.decode()
    client.post("/permits/kinds/defaults/")

    assert "采用系统自带的种类" in before
    assert PermitKind.objects.count() == 14
