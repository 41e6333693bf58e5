"""Loading and removing the demo county. Seeding takes seconds, so few tests do it, and each asserts one whole state."""

from collections import Counter
from decimal import Decimal
from io import StringIO

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.utils import timezone

from accounts.models import AuditEntry, County, Unit, User
from inspections import report_checks
from inspections.looks import LookBoard
from inspections.models import Finding, IssuedReport, Letter, Look, Matter, Meeting, Round, SitePhoto, SupervisionCheck
from inspections.rounds import results
from portfolio import reporting
from portfolio.actions import changes
from portfolio.importing import service
from portfolio.models import (
    AnnualPlan,
    ChangeSet,
    Component,
    DispatchWeek,
    ImportBatch,
    Leader,
    LightRule,
    Milestone,
    Notice,
    OwnLight,
    Pause,
    Photo,
    Problem,
    ProblemEvent,
    Project,
    RankingWeights,
    SavedView,
    Schedule,
    ScheduleChange,
    Town,
    Visit,
    WeeklyDispatch,
    WorkTeam,
)
from portfolio.models.outcomes import Outcome
from portfolio.models.permits import Permit, PermitKind, PermitState
from portfolio.own_lights import pairs
from portfolio.permits import PermitMatrix
from portfolio.schedules import standing_of
from portfolio.standings import YearStandings
from portfolio.summaries import PlanSummary
from portfolio.weeks import Week
from qinyuan_projects.demo import defects, seeding, stated, tables
from tests import factories
from tests.qinyuan_projects.demo_needs import assert_needs_are_told_and_fit
from tests.qinyuan_projects.demo_sums import assert_plan_and_leaders_add_up

pytestmark = pytest.mark.django_db
LATE = 430
LETTERS = {
    ("reminder", "closed"): 3,
    ("reminder", "received"): 1,
    ("reminder", "answered"): 1,
    ("reminder", "issued"): 2,
    ("reminder", "draft"): 1,
    ("order", "closed"): 1,
    ("order", "issued"): 1,
    ("talk", "issued"): 1,
}


def run(command):
    out = StringIO()
    call_command(*command.split(), stdout=out)
    return out.getvalue().splitlines()


def counts():
    models = (Project, AnnualPlan, ChangeSet, ImportBatch, Unit, Leader, User)
    return {model.__name__: model.objects.count() for model in models}


@pytest.mark.long
def test_the_demo_is_the_county_of_the_report_and_can_be_taken_out_again(client, django_capture_on_commit_callbacks):
    run("seed_demo")

    assert_figures_of_the_report()
    assert_history_of_the_year()
    assert_projects_of_the_report()
    assert_accounts(client)
    assert_half_year()
    assert_plan_and_leaders_add_up()
    assert_planted_defects_and_no_others()
    assert_schedules_problems_and_duties()
    assert_own_judgements()
    assert_notices()
    assert_supervision()
    assert_its_own_file_changes_nothing()
    assert_a_second_time_changes_nothing()
    assert_removal_leaves_nothing(django_capture_on_commit_callbacks)


def assert_a_second_time_changes_nothing():
    before = counts()

    assert run("seed_demo")[0] == "演示数据已经载入，没有改动。"
    assert counts() == before


def assert_figures_of_the_report():
    summary = PlanSummary(County.objects.get())
    assert (summary.year, summary.years) == (2024, [2024, 2023])
    sums = summary.sums
    assert (sums.count, sums.total, sums.planned) == (275, Decimal("5157800.00"), Decimal("2016400.00"))
    by_category = [(group.title, group.sums.count) for group in summary.by("category")]
    assert by_category == [("产业类", 153), ("基础设施及社会民生类", 122)]
    assert PlanSummary(summary.county, 2023).sums.count == 40


def assert_history_of_the_year():
    assert timezone.localtime(County.objects.get().business_now()).isoformat() == "2024-05-31T10:00:00+08:00"
    adjusted = AnnualPlan.objects.exclude(state="listed").order_by("seq", "state")
    assert list(adjusted.values_list("project__name", "state")) == [
        ("灵空山镇综合能源补给站项目", "added"),
        ("岩棉保温材料生产线项目", "removed"),
        ("灵空山镇椿树坡村党群服务中心建设项目", "added"),
    ]
    assert {change_set.at.month for change_set in ChangeSet.objects.filter(at__year=2024)} == {1, 2, 3, 4, 5}


def assert_projects_of_the_report():
    assert Project.objects.filter(is_demo=False).count() == 0
    real = Project.objects.filter(is_generated=False)
    assert set(real.values_list("name", flat=True)) == {*stated.STATED_NAMES, stated.PARENT_NAME}
    works = real.get(name=stated.SEWAGE_WORKS.name)
    assert (works.parent.name, works.parent.plans.count()) == (stated.PARENT_NAME, 0)
    assert [str(part) for part in Component.objects.all()] == ["单体建筑物 14/14个"]
    assert [alias.name for alias in works.aliases.all()] == ["县城污水处理厂"]
    phases = AnnualPlan.objects.filter(part_of__project__name=stated.WATER_DATA.name).order_by("project__phase")
    assert [(plan.project.phase, plan.works_percent) for plan in phases] == [(1, Decimal(100)), (2, Decimal(85))]
    others = AnnualPlan.objects.filter(year=2024, project__name__in=["常源加氢综合能源岛项目", works.name])
    assert sorted(plan.works_percent for plan in others) == [Decimal(80), Decimal(90)]


def assert_accounts(client):
    accounts = {account.username: account for account in User.objects.all()}
    first, second = ["auditor", "inspector", "inspector2", "leader", "office"], ["office2", "reporter", "reporter2"]
    assert sorted(accounts) == [*first, *second, "reporter3", "sysadmin"]
    signed_in = client.post("/accounts/login/", {"username": "reporter", "password": "Demo-2024"})
    assert (signed_in.status_code, signed_in.url) == (302, "/start/")
    of_2024 = AnnualPlan.objects.filter(year=2024).counted()
    assert of_2024.filter(project__unit=accounts["reporter"].unit).count() == 8
    assert accounts["reporter"].unit == accounts["reporter2"].unit != accounts["reporter3"].unit
    assert of_2024.filter(leader=accounts["leader"].leader).count() == 12


def assert_its_own_file_changes_nothing():
    office = User.objects.get(username="office")
    content = tables.MAY_FILE.read_bytes()
    batch = service.receive(content, file_name="计划表.xlsx", county=office.county, year=2024, by=office)
    service.read(batch)
    found = batch.report["counts"]
    assert [found[key] for key in ("new", "changed", "unchanged", "errors")] == [0, 0, 277, 0]


def assert_half_year():
    reports = WeeklyDispatch.objects.all()
    assert Counter(reports.values_list("state", flat=True)) == {
        "accepted": 5135,
        "reported": 121,
        "returned": 1,
        "draft": 3,
    }
    by_week = Counter(reports.values_list("week", flat=True))
    assert (len(by_week), by_week[1], by_week[21], by_week[22]) == (22, 245, 244, 125)
    assert list(DispatchWeek.objects.order_by("week").values_list("week", flat=True)) == list(range(1, 21))
    this_week = reporting.plans_due(County.objects.get(), Week(2024, 22))
    first = this_week.filter(project__unit__name="卫生健康和体育局")
    assert (this_week.count(), first.count(), first.filter(dispatches__week=22).count()) == (246, 8, 0)
    of_2024 = AnnualPlan.objects.filter(year=2024).counted()
    assert of_2024.aggregate(sum=Sum("ytd_investment"))["sum"] == Decimal("770264.80")
    assert reports.filter(is_late=True).count() == LATE
    assert {plan.project.name: (plan.progress, plan.works_percent) for plan in of_2024.with_project()} == {
        row.name: (row.progress, row.percent) for row in tables.may_rows()
    }


def assert_planted_defects_and_no_others():
    """Each warning in the reports is a planted one, but for the quiet weeks around the Spring Festival."""
    planted = {(defect.project, week) for defect in defects.DEFECTS for week in defect.weeks}
    warned = {
        (report.plan.project.name, report.week, warning["code"])
        for report in WeeklyDispatch.objects.select_related("plan__project")
        for warning in report.warnings
    }
    assert {(name, week) for name, week, code in warned if code != "quiet" or week > 9} - planted == set()
    assert Counter(code for _, week, code in warned if code != "quiet" or week > 9) == {
        "quiet": 23,
        "same_words": 12,
        "money_alone": 4,
        "big_week": 2,
        "percent_falls": 2,
        "ytd_falls": 1,
        "above_plan": 1,
        "photo_reused": 1,
    }
    missing = [defect for defect in defects.DEFECTS if defect.kind is defects.Kind.MISSING]
    there = WeeklyDispatch.objects.values_list("plan__project__name", "week")
    assert {(defect.project, week) for defect in missing for week in defect.weeks} & set(there) == set()
    works = WeeklyDispatch.history.filter(plan__project__name="县城野芍坪路道路及管网工程", week=15)
    assert list(works.order_by("history_id").values_list("state", flat=True)) == [
        "reported",
        "returned",
        "reported",
        "accepted",
    ]


def assert_schedules_problems_and_duties():
    today = County.objects.get().business_today()
    states = Counter(Problem.objects.values_list("state", flat=True))
    assert states == {"raised": 3, "assigned": 12, "closing": 2, "closed": 18}
    assert Problem.objects.overdue(today).count() == 6
    kinds = set(ProblemEvent.objects.values_list("kind", flat=True))
    assert kinds == set(ProblemEvent.Kind.values) - {ProblemEvent.Kind.EDITED}
    milestones = [standing_of(one.due, one.done_on, today) for one in Milestone.objects.all()]
    assert {standing.value for standing in milestones} == {"met", "late", "overdue", "soon", "not_due"}
    assert Counter(ScheduleChange.objects.values_list("kind", flat=True)).keys() == {"delay", "correct"}
    approved = Schedule.objects.filter(approved_at__isnull=False).count()
    assert (Schedule.objects.count() > approved > 100, Pause.objects.standing().count()) == (True, 2)
    with_team = WorkTeam.objects.current().filter(plan__year=2024).count()
    assert (200 < with_team < 276, WorkTeam.objects.filter(plan__year=2023).exists()) == (True, True)
    assert (Visit.objects.count() > 40, Photo.objects.filter(same_as__isnull=False).count()) == (True, 1)


def assert_notices():
    """Who reports, who leads and who reviews has something to see; nobody else gets notices."""
    told = {account.username: Counter(account.notices.values_list("kind", flat=True)) for account in User.objects.all()}
    of_office = {"late_units": 1, "turned_red": 4, "permit_lapsing": 1, "matter_late": 1, "answered": 4}
    of_office |= {"to_order": 1, "to_talk": 1}
    assert {username: kinds for username, kinds in told.items() if kinds} == {
        "office": of_office,
        "office2": of_office,
        "leader": {"problem_overdue": 1},
        "reporter": {"due": 1, "matter": 1, "letter": 1},
        "reporter2": {"due": 1, "matter": 1, "letter": 1},
        "reporter3": {"due": 1, "returned": 1, "matter": 1},
    }
    unread = dict(User.objects.values_list("username", "unread_notices"))
    assert unread == {username: kinds.total() for username, kinds in told.items()}


def assert_own_judgements():
    """Reporters, the leader and the office have judged, some with the rules and some against them."""
    assert set(OwnLight.objects.values_list("by__role", flat=True)) == {"reporter", "leader", "office"}
    today = County.objects.get().business_today()
    found = pairs(YearStandings(County.objects.get(), 2024, today))
    assert Counter(pair.verdict for pair in found if pair.own) == {
        "与规则亮灯一致": 4,
        "与规则亮灯不一致（自评好于规则）": 4,
        "与规则亮灯不一致（自评差于规则）": 2,
    }


def assert_supervision():
    county = County.objects.get()
    today = county.business_today()
    scored = results(Round.objects.get())
    assert (len(scored.ranked), scored.unscored, scored.waiting) == (12, [], [])
    assert Counter(Finding.objects.values_list("kind", flat=True)) == {"strength": 8, "defect": 4}
    looks = Counter(SupervisionCheck.objects.values_list("checklist__look", "state"))
    done = {(look.value, "done"): 2 for look in Look}
    assert looks == {**done, ("progress", "draft"): 1}
    assert list(Meeting.objects.order_by("held_on").values_list("month", "state")) == [(4, "closed"), (5, "open")]
    states = Counter(Matter.objects.filter(meeting__month=4).values_list("state", flat=True))
    assert states == {"open": 4, "closing": 1, "done": 2, "dropped": 1}
    assert Matter.objects.filter(county=county).overdue(today).count() == 1
    assert Counter(Letter.objects.values_list("kind", "state")) == LETTERS
    assert Letter.objects.get(kind="talk").raises.raises.kind == "reminder"
    assert set(Permit.objects.values_list("state", flat=True)) == set(PermitState.values)
    under_way = AnnualPlan.objects.counted().filter(year=2024, project__stage="building", project__is_generated=True)
    untold = under_way.exclude(project__in=Permit.objects.values("project"))
    assert [plan.project.name for plan in untold] == ["灵空山镇椿树坡村党群服务中心建设项目"]  # taken in in May
    matrix = PermitMatrix(county, 2024, today)
    assert (len(matrix.lapsed), len(matrix.lapsing)) == (2, 3)
    assert len(Permit.history.dates("history_date", "day")) > 60
    assert_needs_are_told_and_fit()
    assert_effects_and_reserves(county, today)
    assert_report_of_the_quarter()


def assert_effects_and_reserves(county, today):
    """Some keep their promises, some don't, most have told nothing; most ideas have been declared, some not yet."""
    effect, reserve = LookBoard(county, Look.EFFECT, 2024, today), LookBoard(county, Look.RESERVE, 2024, today)
    assert Counter(row.state for row in effect.outcomes) == {"reached": 12, "short": 5, "not_due": 13, "not_counted": 1}
    assert (effect.total, len(effect.outcomes_missing)) == (46, 31)
    assert effect.furthest_short[0].project.name == "北坡底煤层气提浓利用示范项目"
    named = Outcome.objects.filter(project__is_generated=False).values_list("project__name", "promised", "reached")
    assert list(named) == [("沁源县县城污水处理厂扩容改造工程", 2, None)]
    codes = [row.project.code for row in reserve.rows]
    assert (len(codes), codes.count("")) == (27, 6)
    libraries = Counter(row.project.library for row in reserve.rows)
    assert libraries == {"none": 10, "city": 4, "province": 9, "national": 4}


def assert_report_of_the_quarter():
    report = IssuedReport.objects.get()
    told = (
        report.kind,
        report.period,
        report.version,
        str(report.as_of),
        f"{timezone.localtime(report.issued_at):%m-%d}",
    )
    assert told == ("quarterly", 1, 1, "2024-03-31", "04-08")
    assert report_checks.is_as_issued(report)


def assert_removal_leaves_nothing(django_capture_on_commit_callbacks):
    files = [batch.file.name for batch in ImportBatch.objects.all()]
    photos = [*Photo.objects.all(), *SitePhoto.objects.all()]
    files += [name for photo in photos for name in (photo.file.name, photo.thumbnail.name)]
    files += [
        name for report in IssuedReport.objects.all() for name in (report.pdf.name, report.docx.name, report.xlsx.name)
    ]
    trail = AuditEntry.objects.count()
    assert {default_storage.exists(name) for name in files} == {True}

    with django_capture_on_commit_callbacks(execute=True):
        first, second = run("remove_demo"), run("remove_demo")

    assert first[0] == "已移除：1 份演示报告、279 个项目、22 名包联领导、10 个账号、45 个单位，以及演示时间。"
    assert second == ["没有演示数据，没有改动。"]
    assert {model.__name__ for model in emptied_models() if model.objects.exists()} == set()
    assert AuditEntry.objects.count() == trail + 1
    assert [name for name in files if default_storage.exists(name)] == []
    assert County.objects.get().is_demo is False


def emptied_models():
    """All tables of register and supervision, histories included, but for what `setup_county` loads."""
    models = [model for name in ("portfolio", "inspections") for model in apps.get_app_config(name).get_models()]
    return [model for model in models if model not in {Town, PermitKind}]


def test_the_plan_table_alone_is_there_in_a_moment_and_again_after_its_removal():
    run("seed_demo --plan-only")
    first = counts()

    run("remove_demo")
    again = run("seed_demo --plan-only")

    assert again[0] == "已载入演示数据：沁源县 2024 年重大项目计划表（另有 2023 年部分项目）。"
    assert (counts(), PlanSummary(County.objects.get()).sums.count) == (first, 275)
    assert WeeklyDispatch.objects.count() == 0


@pytest.mark.parametrize(
    ("make", "held"),
    [
        (factories.project, "1 个项目"),
        (factories.unit, "1 个单位"),
        (factories.leader, "1 名包联领导"),
        (factories.user, "1 个账号"),
    ],
)
def test_seeding_refuses_a_database_with_real_data_and_says_what_it_holds(make, held):
    make()

    with pytest.raises(CommandError) as refusal:
        run("seed_demo")

    assert str(refusal.value) == (
        f"数据库里已有真实数据（{held}），不能载入演示数据。请换一个空的数据库（DATABASE_URL）。"
    )
    assert (User.objects.filter(is_demo=True).count(), County.objects.filter(business_time=None).count()) == (0, 1)


@pytest.fixture
def small_demo(county):
    """A demo county in small: a project of a demo unit with its plan, written by a demo account."""
    county.business_time = "2024-05-31T02:00:00Z"
    county.save()
    unit = factories.unit("演示局", is_demo=True)
    leader = factories.leader("县领导甲", is_demo=True)
    clerk = factories.user("office", "demo", is_demo=True, unit=unit)
    change_set = changes.begin(ChangeSet.Kind.EDIT, county=county, by=clerk, summary="新增")
    (project,) = changes.create(change_set, [Project(county=county, name="演示项目", unit=unit, is_demo=True)])
    changes.create(change_set, [AnnualPlan(county=county, project=project, year=2024, leader=leader)])
    return clerk


def entered_by_hand(by, **fields):
    change_set = changes.begin(ChangeSet.Kind.EDIT, county=by.county, by=by, summary="手工新增")
    (project,) = changes.create(change_set, [Project(county=by.county, name="手工录入的项目", **fields)])
    changes.create(change_set, [AnnualPlan(county=by.county, project=project, year=2024)])
    return change_set


def test_rows_entered_by_hand_stay_with_their_history(small_demo):
    change_set = entered_by_hand(small_demo)

    output = run("remove_demo")

    assert output[0] == "已移除：1 个项目、1 名包联领导、1 个账号、1 个单位，以及演示时间。"
    assert output[1].endswith("1 个县、1 个手工录入的项目。")
    assert list(Project.objects.values_list("name", flat=True)) == ["手工录入的项目"]
    assert list(ChangeSet.objects.values_list("summary", "by")) == [("手工新增", None)]
    assert Project.history.get().change_set == change_set


@pytest.mark.parametrize(
    ("model", "more", "told"),
    [(LightRule, {}, "1 版亮灯规则。"), (RankingWeights, {"weights": {"lights": 100}}, "1 版排名权重。")],
)
def test_a_rule_that_a_demo_account_made_stays_without_its_name(small_demo, model, more, told):
    rule = {"version": 1, "since": "2024-05-31", "words": "会议要求。", "made_at": "2024-05-31T02:00:00Z", **more}
    model.objects.create(county=small_demo.county, made_by=small_demo, **rule)

    output = run("remove_demo")

    assert output[1].endswith(told)
    assert model.objects.get().made_by is None


def test_notices_of_the_demo_go_also_those_to_accounts_that_stay(small_demo):
    own = factories.user("office", unread_notices=1)
    told = {"kind": "turned_red", "key": "red:1:2024-W21", "title": "“演示项目”转为红灯", "path": "/projects/1/"}
    for account in (own, small_demo):
        Notice.objects.create(county=own.county, user=account, at="2024-05-31T02:00:00Z", **told)

    run("remove_demo")

    own.refresh_from_db()
    assert (Notice.objects.count(), own.unread_notices) == (0, 0)


def test_a_change_that_touched_both_stays_for_the_rows_that_stay(small_demo):
    entered_by_hand(small_demo)
    projects = list(Project.objects.all())
    both = changes.begin(ChangeSet.Kind.BULK, county=small_demo.county, by=small_demo, summary="批量改级别")
    for project in projects:
        project.level = "county"
    changes.update(both, projects, ["level"])

    run("remove_demo")

    assert sorted(ChangeSet.objects.values_list("summary", flat=True)) == ["手工新增", "批量改级别"]
    assert set(Project.history.values_list("name", flat=True)) == {"手工录入的项目"}


def test_removal_is_refused_while_rows_entered_by_hand_hang_on_demo_rows(small_demo):
    entered_by_hand(small_demo, unit=small_demo.unit)
    before = counts()

    with pytest.raises(CommandError) as refusal:
        run("remove_demo")

    assert str(refusal.value).startswith(
        "手工录入的项目“手工录入的项目”用到了演示单位、演示领导或演示项目，没有移除任何数据。"
    )
    assert (counts(), County.objects.get().is_demo) == (before, True)


def test_pages_lose_the_demo_strip_with_the_demo_data(client, small_demo):
    own = factories.user("office", "own")
    SavedView.objects.create(county=own.county, owner=small_demo, name="演示视图")
    client.force_login(own)
    strip = "<strong>演示数据</strong>"
    assert strip in client.get("/").content.decode()

    run("remove_demo")

    for address in ("/", "/projects/"):
        assert strip not in client.get(address).content.decode()
    assert SavedView.objects.count() == 0


def test_demo_names_nobody():
    names = {name for _, _, name, _ in seeding.people.ACCOUNTS} | set(seeding.people.LEADERS)

    assert {
        name
        for name in names
        if not name.startswith(("县领导", "项目办联络员", "填报员", "督查员", "审计员", "系统管理员"))
    } == set()
