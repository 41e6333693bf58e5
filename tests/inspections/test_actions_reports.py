"""Issuing reports: frozen with a fingerprint, corrected by a next version, refused while a stop has no score."""

import datetime as dt
import io
import uuid

import pypdfium2
import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry
from inspections import reports
from inspections.actions import reports as actions
from inspections.actions import round_recalls
from inspections.documents import fonts, pdf
from inspections.models import IssuedReport
from inspections.reports import content
from portfolio.actions import changes
from portfolio.models import AnnualPlan, Project
from tests import factories
from tests.inspections import report_factories as made
from tests.inspections import round_factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    made.county()
    made.plans(2)
    return factories.user("office", name="项目办甲")


def issue(by, **more):
    given = {"kind": "quarterly", "year": 2024, "period": 2, "as_of": made.DAY, **more}
    return actions.issue(by=by, **given)


def registered_in_march():
    """The plans are known to reports of days before the clock's."""
    for model in (Project, AnnualPlan):
        model.history.update(history_date=dt.datetime(2024, 3, 1, tzinfo=dt.UTC))


def first_page(report):
    return pypdfium2.PdfDocument(report.pdf.read())[0].get_textpage().get_text_bounded()


def test_an_issued_report_keeps_its_content_with_a_fingerprint_and_three_files(office):
    report = issue(office, form_key=uuid.uuid4())

    stored = IssuedReport.objects.get()
    assert stored.content == made.quarterly()
    assert stored.digest == reports.digest_of(stored.content)
    assert (stored.version, stored.as_of, stored.issued_by, stored.correction) == (1, made.DAY, office, "")
    assert [bool(getattr(report, name).size) for name in ("pdf", "docx", "xlsx")] == [True] * 3
    assert AuditEntry.objects.filter(summary__contains="签发沁源县2024年第二季度").count() == 1


def test_what_is_changed_later_changes_nothing_in_it(office):
    before = issue(office).content

    made.plans(3)

    assert IssuedReport.objects.get().content == before


def test_a_correction_is_marked_and_leaves_the_first_version(office):
    first = issue(office)

    second = issue(office, version=1, correction="红灯原因有误")

    assert [(row.version, row.correction) for row in IssuedReport.objects.order_by("version")] == [
        (1, ""),
        (2, "红灯原因有误"),
    ]
    first.refresh_from_db()
    assert ("更正" in first_page(first), "更正说明：红灯原因有误" in first_page(second)) == (False, True)


@pytest.mark.parametrize(("version", "correction"), [(1, ""), (1, "  "), (0, "没有签发过"), (1, "长" * 301)])
def test_a_correction_says_why_and_nothing_else_does(office, version, correction):
    issue(office) if version else None

    with pytest.raises(actions.Refused):
        issue(office, version=version, correction=correction)

    assert IssuedReport.objects.count() == version


def test_who_has_not_seen_the_latest_version_is_told(office):
    issue(office)

    with pytest.raises(changes.StaleRow):
        issue(office)

    assert IssuedReport.objects.count() == 1


def test_the_same_form_again_issues_nothing(office):
    key = uuid.uuid4()

    first, again = issue(office, form_key=key), issue(office, form_key=key)

    assert first == again
    assert IssuedReport.objects.count() == 1


def test_the_same_form_sent_while_the_first_is_at_work_issues_one(office, monkeypatch):
    key, first = uuid.uuid4(), []

    def gather(*about):
        if not first:
            first.append(None)
            first[0] = issue(office, form_key=key)
        return content_of(*about)

    content_of = reports.content_of
    monkeypatch.setattr(content, "content_of", gather)

    assert issue(office, form_key=key) == first[0]
    assert IssuedReport.objects.count() == 1


def test_what_was_looked_at_is_issued_without_gathering_it_anew(office, monkeypatch):
    seen = reports.kept_content(factories.county(), reports.Period("quarterly", 2024, 2), made.DAY)
    monkeypatch.setattr(content, "content_of", None)

    assert issue(office).content == seen


@pytest.mark.parametrize(("writes", "is_issued"), [(2, True), (3, False)])
def test_what_is_written_meanwhile_is_gathered_anew_three_times_at_most(office, monkeypatch, writes, is_issued):
    gathered = []

    def gather(county, *more):
        gathered.append(content_of(county, *more))
        if len(gathered) <= writes:
            factories.county().move_data_version()
        return gathered[-1]

    content_of = reports.content_of
    monkeypatch.setattr(content, "content_of", gather)

    if is_issued:
        issue(office)
    else:
        with pytest.raises(actions.Refused, match="不断有人在修改数据"):
            issue(office)

    assert (len(gathered), IssuedReport.objects.exists()) == (3, is_issued)


def test_a_report_is_refused_while_a_stop_has_no_score_and_says_which(office):
    round_ = round_factories.round_(title="二季度观摩")
    scored = round_factories.stop(round_, "评过的项目")
    round_factories.stop(round_, "没有评的项目")
    round_factories.sheet(round_factories.judge(round_), scored, "50", "30")

    with pytest.raises(actions.Refused) as refused:
        issue(office)

    assert str(refused.value) == (
        "“二季度观摩”还有 1 个观摩点没有评分：2. 没有评的项目。请评委评分后再签发，或从路线中移除。"
    )
    assert not IssuedReport.objects.exists()


def test_every_round_of_the_quarter_is_waited_for(office):
    for title in ("第一次观摩", "第二次观摩"):
        round_factories.stop(round_factories.round_(title=title), f"{title}的项目")

    with pytest.raises(actions.Refused) as refused:
        issue(office)

    assert [title in str(refused.value) for title in ("第一次观摩的项目", "第二次观摩的项目")] == [True, True]


def test_a_round_in_preparation_is_waited_for_until_it_is_deleted(office):
    planned = round_factories.round_("planned", title="还在筹备的观摩")
    round_factories.stop(planned, "没有评的项目")

    with pytest.raises(actions.Refused, match="还在筹备：请开始评分，或移除这些观摩点，不办了的请删去这次观摩"):
        issue(office)
    round_recalls.discard(by=office, round_=planned, version=planned.row_version)
    report = issue(office)

    assert "还在筹备的观摩" not in str(report.content)


def test_a_round_without_stops_hinders_nothing_and_is_not_told(office):
    round_factories.round_("planned", title="没有路线的观摩")

    report = issue(office)

    assert made.block(report.content, "stops", "text")["words"] == "2024年第二季度没有组织观摩。"


def test_a_stop_without_a_score_hinders_no_other_quarter_and_no_month(office):
    registered_in_march()
    round_factories.stop(round_factories.round_())

    issue(office, period=1, as_of=dt.date(2024, 3, 31))
    issue(office, kind="monthly", period=5)

    assert IssuedReport.objects.count() == 2


@pytest.mark.parametrize(("day", "is_refused"), [((3, 31), True), ((4, 1), False), ((5, 31), False), ((6, 1), True)])
def test_the_day_lies_between_the_quarters_first_and_today(office, day, is_refused):
    registered_in_march()

    if is_refused:
        with pytest.raises(actions.Refused):
            issue(office, as_of=dt.date(2024, *day))
    else:
        issue(office, as_of=dt.date(2024, *day))

    assert IssuedReport.objects.exists() != is_refused


@pytest.mark.parametrize("kind", ["quarterly", "monthly"])
def test_a_year_without_a_plan_has_no_report(kind):
    made.county()
    factories.plan(year=2023)

    with pytest.raises(actions.Refused) as refused:
        issue(factories.user("office"), kind=kind, period=2, as_of=dt.date(2024, 5, 31))

    assert str(refused.value) == (
        "截至 2024-05-31，2024 年计划里还没有项目。请先导入或登记项目，或改选年度、截至日期。"
    )
    assert not IssuedReport.objects.exists()


def test_each_leader_has_a_report_of_their_own(office):
    one, other = factories.leader(), factories.leader()

    for leader in (one, other):
        issue(office, kind="leader", period=5, leader=leader)

    assert set(IssuedReport.objects.values_list("leader", "version")) == {(one.pk, 1), (other.pk, 1)}


@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "auditor", "sysadmin"])
def test_only_the_project_office_issues(role, office):
    with pytest.raises(IssuedReport.DoesNotExist):
        issue(factories.user(role))


def test_a_leader_of_another_county_is_nobody(office):
    elsewhere = factories.leader(county=factories.county("140400", "邻县"))

    with pytest.raises(IssuedReport.DoesNotExist):
        issue(office, kind="leader", period=5, leader=elsewhere)


def test_files_of_a_report_that_was_not_stored_are_taken_away(office, settings):
    issue(office)

    with pytest.raises(changes.StaleRow):
        issue(office)

    assert len([path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]) == 3


@pytest.mark.parametrize(
    ("trouble", "words"),
    [(pdf.NotSet("failed"), "生成 PDF 时出错，没有签发"), (fonts.NoFont("没有字体，请安装。"), "没有字体，请安装。")],
)
def test_a_server_that_can_not_set_the_pdf_issues_nothing_and_says_so(office, monkeypatch, trouble, words):
    def fail(*_):
        raise trouble

    monkeypatch.setattr(pdf.Setting, "pages", fail)

    with pytest.raises(actions.Refused, match=words):
        issue(office)

    assert not IssuedReport.objects.exists()


def checked():
    out = io.StringIO()
    call_command("check_reports", stdout=out)
    return out.getvalue()


def test_the_check_finds_reports_as_they_were_issued(office):
    issue(office)

    assert checked() == "核对 1 份，全部一致。\n"


def test_the_check_finds_a_changed_figure(office):
    report = issue(office)
    report.content["sections"][0]["blocks"][0]["items"][0]["value"] = "999 个"
    report.save(update_fields=["content"])

    with pytest.raises(CommandError, match="1 份有问题"):
        checked()


def test_the_check_misses_a_file(office):
    report = issue(office)
    report.pdf.storage.delete(report.pdf.name)

    with pytest.raises(CommandError, match="1 份有问题"):
        checked()


def test_the_check_finds_a_file_that_is_another(office):
    report = issue(office)
    with report.pdf.storage.open(report.pdf.name, "wb") as file:
        file.write(b"%PDF-1.4")

    with pytest.raises(CommandError, match="1 份有问题"):
        checked()


def test_the_check_finds_content_that_came_with_a_digest_of_its_own(office):
    report = issue(office)
    content = {**report.content, "title": "另一份报告"}
    IssuedReport.objects.update(content=content, digest=reports.digest_of(content))

    with pytest.raises(CommandError, match="1 份有问题"):
        checked()


def test_the_check_goes_on_after_content_that_no_report_could_hold(office):
    report = issue(office)
    IssuedReport.objects.update(content={**report.content, "title": 1.5})

    with pytest.raises(CommandError, match="核对 1 份，1 份有问题"):
        checked()
