"""The pages of reports: who reads and issues, the preview with what is missing, what is frozen, and the files."""

import io
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from inspections.actions import pictures
from inspections.actions import reports as actions
from inspections.models import IssuedReport
from portfolio.models import Project
from tests import factories
from tests.inspections import factories as looks
from tests.inspections import report_factories as made
from tests.inspections import round_factories

pytestmark = pytest.mark.django_db
OTHERS = ("reporter", "leader", "inspector", "auditor", "sysadmin")
ASKED = {"kind": "quarterly", "year": 2024, "period": 2}
NEW = "/inspections/reports/new/?kind=quarterly&year=2024&period=2"


@pytest.fixture
def office():
    made.county()
    made.plans(2)
    return factories.user("office", name="项目办甲")


@pytest.fixture
def report(office):
    return issue(office)


def issue(office, **more):
    return actions.issue(by=office, **{**ASKED, "as_of": made.DAY, **more})


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def sent(version=0, **more):
    return {"version": version, "form_key": uuid.uuid4(), **more}


def addresses(report):
    files = [reverse("inspections:report-file", args=[report.pk, ending]) for ending in ("pdf", "docx", "xlsx")]
    return [reverse("inspections:reports"), reverse("inspections:report", args=[report.pk]), *files]


@pytest.mark.parametrize("role", ["office", *OTHERS])
def test_everybody_signed_in_reads_issued_reports_and_their_files(role, report):
    client = signed_in(factories.user(role))

    assert [client.get(address).status_code for address in addresses(report)] == [200] * 5


def test_nobody_reads_them_signed_out(report):
    assert {Client().get(address).status_code for address in addresses(report)} == {302}


def test_another_countys_reports_are_not_found(report):
    stranger = signed_in(factories.user("office", county=factories.county("140400", "邻县")))

    assert [stranger.get(address).status_code for address in addresses(report)[1:]] == [404] * 4
    assert list(stranger.get(reverse("inspections:reports")).context["listing"].rows) == []


@pytest.mark.parametrize("role", OTHERS)
def test_only_the_project_office_previews_and_issues(role, office):
    client = signed_in(factories.user(role))

    assert (client.get(NEW).status_code, client.post(NEW, sent()).status_code) == (
        404,
        403 if role == "auditor" else 404,
    )
    assert not IssuedReport.objects.exists()


def test_a_preview_shows_the_figures_and_issues_nothing(office):
    page = signed_in(office).get(NEW)

    assert page.status_code == 200
    assert "预览：沁源县2024年第二季度重大项目督导观摩报告" in page.text
    assert "年度计划中计数的项目，不含打包项目的子项" in page.text
    assert page.context["gaps"] == [
        "2024年第二季度还没有结束（2024-06-30），报告只到 2024-05-31。",
        "2024年第二季度没有组织观摩，报告中没有观摩结果。",
    ]
    assert not IssuedReport.objects.exists()


def test_issuing_leads_to_the_report(office):
    answer = signed_in(office).post(NEW, sent())

    report = IssuedReport.objects.get()
    assert answer.headers["Location"] == reverse("inspections:report", args=[report.pk])


def test_the_button_pressed_twice_leads_to_the_same_report(office):
    client, form = signed_in(office), sent()

    first, again = client.post(NEW, form), client.post(NEW, form)

    assert first.headers["Location"] == again.headers["Location"]
    assert IssuedReport.objects.count() == 1


def test_the_page_names_the_stop_without_a_score_and_refuses(office):
    round_factories.stop(round_factories.round_(title="二季度观摩"), "没有评的项目")
    client = signed_in(office)

    page, answer = client.get(NEW), client.post(NEW, sent())

    why = "“二季度观摩”还有 1 个观摩点没有评分：1. 没有评的项目。请评委评分后再签发，或从路线中移除。"
    assert page.context["obstacles"] == [why]
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (400, [why])


def test_a_round_without_stops_is_told_beside_the_preview(office):
    round_factories.round_("planned", title="没有路线的观摩")

    gaps = signed_in(office).get(NEW).context["gaps"]

    assert gaps[1:] == [
        "2024年第二季度没有组织观摩，报告中没有观摩结果。",
        "“没有路线的观摩”的路线上还没有观摩点，不写入报告。",
    ]


def test_somebody_elses_version_is_a_conflict_that_keeps_what_was_typed(office, report):
    answer = signed_in(office).post(NEW, sent(version=0))

    assert answer.status_code == 409
    assert answer.context["form"].data["version"] == 1


def test_a_correction_without_a_reason_is_refused(office, report):
    answer = signed_in(office).post(NEW, sent(version=1))

    assert answer.status_code == 400
    assert IssuedReport.objects.count() == 1


def test_both_versions_are_listed_and_the_second_is_marked(office, report):
    issue(office, version=1, correction="红灯原因有误")

    page = signed_in(office).get(reverse("inspections:reports"))

    assert [(row.version, row.is_latest) for row in page.context["listing"].rows] == [(2, True), (1, False)]
    assert page.text.count("更正</span>") == 1
    assert "这一版已有更正" in signed_in(office).get(reverse("inspections:report", args=[report.pk])).text


def test_an_issued_report_says_the_same_after_the_register_changed(office, report):
    address = reverse("inspections:report", args=[report.pk])
    client = signed_in(office)
    client.get(address)
    before = client.get(address).context["content"]

    Project.objects.update(name="改名了")

    after = client.get(address)
    assert after.context["content"] == before
    assert "改名了" not in after.text


@pytest.mark.parametrize("content", [{}, [1], {"title": 1.5}])
def test_content_that_is_not_what_was_issued_is_not_shown(office, report, content):
    IssuedReport.objects.update(content=content)

    answer = signed_in(office).get(addresses(report)[1])

    assert (answer.status_code, answer.templates[0].name) == (409, "inspections/reports/report_changed.html")
    assert answer.context["label"] == "2024年第二季度季报"
    assert signed_in(office).get(addresses(report)[0]).status_code == 200


@pytest.mark.parametrize("ending", ["pdf", "docx", "xlsx"])
def test_a_file_that_is_not_what_was_issued_is_not_handed_out(office, report, ending):
    file = getattr(report, ending)
    with file.storage.open(file.name, "wb") as stored:
        stored.write(b"another")

    answer = signed_in(office).get(reverse("inspections:report-file", args=[report.pk, ending]))

    assert (answer.status_code, f"{ending} 文件" in answer.text) == (409, True)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"period": 5}, "period"),
        ({"kind": "leader"}, "leader"),
        ({"year": "x"}, "year"),
        ({"as_of": "昨天"}, "as_of"),
    ],
)
def test_what_can_not_be_asked_for_is_told_beside_its_field(office, asked, field):
    page = signed_in(office).get(reverse("inspections:report-new"), {**ASKED, **asked})

    assert list(page.context["choice"].errors) == [field]


def test_a_file_that_there_is_not_is_not_found(office, report):
    client = signed_in(office)
    report.pdf.storage.delete(report.pdf.name)

    assert [
        client.get(reverse("inspections:report-file", args=[report.pk, ending])).status_code
        for ending in ("pdf", "exe")
    ] == [404, 404]


@pytest.mark.parametrize(
    ("params", "found"),
    [({}, 2), ({"kind": "monthly"}, 1), ({"year": 2023}, 0), ({"kind": "nonsense", "year": "x"}, 2)],
)
def test_the_list_is_narrowed_by_kind_and_year_and_its_file_alike(office, report, params, found):
    issue(office, kind="monthly", period=5)
    client = signed_in(office)

    page = client.get(reverse("inspections:reports"), params)
    book = load_workbook(io.BytesIO(b"".join(client.get(reverse("inspections:reports-export"), params))))

    assert len(page.context["listing"].rows) == found
    assert book.active.max_row == 3 + found


def test_the_list_takes_as_many_queries_for_many_reports(office, report):
    client, counts = signed_in(office), []
    for month in (1, 2, 3):
        IssuedReport.objects.create(
            county=report.county, kind="monthly", year=2024, period=month, as_of=made.DAY, content={},
            digest="", issued_at=report.issued_at, issued_by=office,
        )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("inspections:reports"))
        counts.append(len(queries))

    assert counts[1] == counts[2]


def test_what_a_report_lacks_is_one_strip_and_what_hinders_it_stands_beside_the_button(office):
    round_factories.stop(round_factories.round_(title="二季度观摩"), "没有评的项目")
    factories.report(factories.plan(seq=9), 21, state="draft")

    page = signed_in(office).get(NEW).content.decode()

    assert page.count('<div class="notice notice-warning d-print-none report-gaps">') == 1
    button = page.index('data-busy="正在签发，请稍候……" disabled>')
    assert (
        page[button : button + 400].count("<li>不能签发：“二季度观摩”还有 1 个观摩点没有评分：1. 没有评的项目。") == 1
    )


def test_photos_added_and_taken_away_show_in_the_preview_at_once(office, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    stop = round_factories.stop(round_factories.round_(), "有照片的项目")
    client = signed_in(office)

    before = photos_shown(client)
    photo = pictures.add(by=office, stop=stop, upload=looks.photo_file(), upload_key=uuid.uuid4())
    added = photos_shown(client)
    pictures.delete(by=office, photo=photo)

    assert (before, added, photos_shown(client)) == (0, 1, 0)


def photos_shown(client):
    (stop,) = made.block(client.get(NEW).context["content"], "stops", "stops")["items"]
    return len(stop["photos"])
