"""Who may open and who may send what of the weekly loop; what others may read of it, and what nobody may."""

import datetime as dt
import io
import uuid
import zipfile
from dataclasses import replace

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from accounts.models import AuditEntry
from portfolio.actions import duties, own_lights, pauses, problems, schedule, visits
from portfolio.models import AnnualPlan, CalendarDay, Photo, Problem, WeeklyDispatch
from portfolio.schedule_entries import MilestoneEntry
from tests import factories

pytestmark = pytest.mark.django_db

PHONE = "13812345678"
MARKUP = "<i class=typed>"
CALL = f"联系人{PHONE}{MARKUP}"
SECRET = "秘而未发"
READERS = ("office", "own", "other", "leader", "inspector", "auditor", "sysadmin")


@pytest.fixture
def scene():
    return Scene()


class Scene:
    """A plan under way with all that hangs on it, a telephone number in each text, and an account of each kind."""

    def __init__(self):
        self.county = factories.clock(2024, 5, 31, 10)
        unit = factories.unit("水利局")
        self.users = {role: factories.user(role) for role in ("office", "leader", "inspector", "auditor", "sysadmin")}
        self.users["own"] = factories.user("reporter", unit=unit)
        self.users["other"] = factories.user("reporter", unit=factories.unit("住建局"))
        self.office = self.users["office"]
        self.leader = factories.leader(user=self.users["leader"])
        self.plan = factories.plan_under_way(
            unit, project__name="河道治理", leader=self.leader, annual_target=f"完成主体。{CALL}"
        )
        self.report = factories.report(
            self.plan, 21, "reported", ytd_investment=10, works_percent=5, row_version=1, **self.texts()
        )
        self.returned = factories.report(
            self.plan, 22, "returned", ytd_investment=99, progress="秘而未发", row_version=1
        )
        self.photo = self.photo_of(self.returned)
        self.problem = factories.problem(self.plan.project, "assigned", text=f"征地。{CALL}", measure=CALL, phone=PHONE)
        self.write_duties_and_schedule()
        self.calendar_day = CalendarDay.objects.create(county=self.county, day=dt.date(2024, 6, 7), note="端午调整")

    def texts(self):
        names = ("progress", "next_plan", "problem", "needs_help", "explanation")
        return {name: f"=1+1 {name}。{CALL}" for name in names} | {
            "warnings": [{"code": "x", "field": "", "text": "提示"}]
        }

    def photo_of(self, report):
        return Photo.objects.create(
            county=self.county,
            dispatch=report,
            width=1,
            height=1,
            digest="0" * 64,
            look="0" * 16,
            upload_key=uuid.uuid4(),
            uploaded_at=self.county.business_time,
            file=ContentFile(b"jpeg", "photo.jpg"),
        )

    def write_duties_and_schedule(self):
        by, plan = self.office, self.plan
        node = MilestoneEntry("开工", dt.date(2024, 3, 1), "start", done_on=dt.date(2024, 3, 2), evidence=CALL)
        schedule.save_schedule(by=by, plan=plan, milestones=[node], monthly=None, version=0)
        schedule.approve(by=by, plan=plan, version=1)
        why = {"kind": "correct", "reason": "typo", "words": f"原来填错。{CALL}"}
        moved = replace(node, pk=plan.milestones.get().pk, due=dt.date(2024, 3, 4))
        schedule.save_schedule(by=by, plan=plan, milestones=[moved], monthly=None, version=2, **why)
        team = {"head": "张组长", "head_phone": PHONE, "note": CALL}
        duties.save_team(by=by, plan=plan, values=team, seen=None)
        visit = {"leader": self.leader, "project": plan.project, "day": dt.date(2024, 5, 20), "words": CALL}
        own_lights.judge_plan(by=by, plan=plan, light="green", words=CALL, form_key=uuid.uuid4())
        self.visit = visits.record_visit(by=by, form_key=uuid.uuid4(), **visit)
        day, review = dt.date(2024, 5, 1), dt.date(2024, 6, 1)
        pauses.pause(by=by, plan=plan, reason="funds", words=CALL, paused_on=day, review_on=review)
        AnnualPlan.objects.filter(pk=plan.pk).update(state="added", state_reason=CALL)

    def client(self, who):
        client = Client()
        client.force_login(self.users[who])
        return client

    def readable(self):
        """Addresses that everybody signed in may open."""
        plan, project = self.plan.pk, self.plan.project_id
        return [
            *("/", f"/projects/{project}/", "/projects/adjustments/", "/projects/adjustments/?print=1"),
            "/projects/adjustments/export/",
            *("/six-ones/", "/six-ones/?print=1", "/six-ones/export/", f"/six-ones/{plan}/"),
            *("/leaders/", "/leaders/?print=1", "/leaders/export/", "/leaders/all/", "/leaders/none/"),
            *(f"/leaders/{self.leader.pk}/", f"/leaders/{self.leader.pk}/?print=1"),
            *("/schedule/", "/schedule/export/", "/schedule/paused/", f"/schedule/{plan}/"),
            *("/dispatch/weeks/", "/dispatch/2024/21/", "/dispatch/2024/22/"),
            *(f"/dispatch/2024/21/?tab={tab}" for tab in ("status", "status&show=due", "ledger", "bulletin")),
            *(f"/dispatch/2024/22/?tab={tab}" for tab in ("status", "status&show=due", "ledger", "bulletin")),
            *("/dispatch/2024/21/?tab=ledger&print=a3", "/dispatch/2024/21/?tab=ledger&print=a4"),
            *("/dispatch/2024/21/ledger.xlsx", "/dispatch/2024/21/bulletin.docx", "/dispatch/2024/22/ledger.xlsx"),
            *("/problems/", "/problems/?print=1", "/problems/?by=unit", "/problems/?by=leader", "/problems/export/"),
            *(f"/problems/{self.problem.pk}/", "/base-data/calendar/"),
            *("/progress/", "/progress/lights/", "/progress/rankings/", "/progress/rankings/?by=leader&print"),
            *("/progress/rankings/export/?by=town", "/rules/lights/", "/rules/rankings/", "/screen/"),
            *("/progress/gantt/", f"/progress/gantt/?project={project}", f"/progress/gantt/?leader={self.leader.pk}"),
            "/progress/plan-changes/",
            *("/progress/judgements/", "/progress/judgements/?show=all", "/progress/judgements/export/?show=all"),
            *("/progress/forecast/", "/progress/forecast/export/", "/rules/notices/"),
        ]


def said(response):
    """All that an answer says, a file unpacked."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        book = zipfile.ZipFile(io.BytesIO(content))
        return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return content.decode()


@pytest.mark.parametrize("who", READERS)
def test_everybody_signed_in_reads_the_county_s_week_duties_schedules_and_problems(scene, who):
    client = scene.client(who)

    answers = {path: client.get(path).status_code for path in scene.readable()}

    assert {path: status for path, status in answers.items() if status != 200} == {}


@pytest.mark.parametrize("who", ["other", "leader", "inspector", "auditor", "sysadmin"])
def test_no_page_or_file_tells_a_phone_to_who_is_neither_of_the_unit_nor_of_the_office(scene, who):
    client = scene.client(who)

    telling = [path for path in scene.readable() if PHONE in said(client.get(path))]

    assert telling == []


def test_the_trail_tells_the_auditor_no_phone(scene):
    client = scene.client("auditor")
    problems.answer(by=scene.office, problem=scene.problem, version=1, text=CALL)

    telling = [path for path in ("/audit/", "/audit/export/") if PHONE in said(client.get(path))]

    assert telling == []
    assert AuditEntry.objects.filter(summary__contains="138****5678").count() > 2


@pytest.mark.parametrize("who", ["other", "leader", "inspector", "auditor", "sysadmin"])
def test_no_page_or_file_tells_a_returned_report_to_others(scene, who):
    client = scene.client(who)

    telling = [path for path in scene.readable() if SECRET in said(client.get(path))]

    assert telling == []


def test_what_was_typed_is_markup_on_no_page_and_a_formula_in_no_file(scene):
    client = scene.client("office")
    pages = [*scene.readable(), "/dispatch/2024/21/?tab=review", "/dispatch/2024/21/?tab=remind"]
    pages += [f"/dispatch/?unit={scene.plan.project.unit_id}&week=2024-W{week}" for week in (21, 22)]
    pages += [f"/dispatch/2024/21/return/{scene.report.pk}/", f"/schedule/{scene.plan.pk}/pause/", "/projects/changes/"]
    pages += [f"/dispatch/sheet/2024/21.xlsx?unit={scene.plan.project.unit_id}", "/projects/changes/?kind=all"]

    answers = {path: said(client.get(path)) for path in pages}

    assert [path for path, text in answers.items() if MARKUP in text or "<f>" in text] == []
    assert sum("class=typed" in text for text in answers.values()) > 20


# {address: who may open it}; who may not gets 404. The other unit's reporter has an own page at some addresses.
OPENED = {
    "/dispatch/2024/22/?tab=remind": {"office"},
    "/dispatch/2024/22/?tab=review": {"office"},
    "/dispatch/quality/": {"office"},
    "/dispatch/quality/export/": {"office"},
    "/dispatch/2024/22/lock/": {"office"},
    "/dispatch/2024/22/return/{returned}/": {"office"},
    "/dispatch/sheet/2024/22/": {"office", "own", "other"},
    "/dispatch/sheet/2024/22.xlsx?unit={unit}": {"office", "own", "other"},
    "/dispatch/photos/{photo}/": {"office", "own"},
    "/schedule/{plan}/pause/": {"office"},
    "/problems/add/": {"office", "own", "other", "inspector"},
    "/progress/judgements/{plan}/": {"office", "own", "leader"},
    "/projects/changes/": {"office"},
    "/projects/changes/?kind=dispatch": {"office"},
    "/notices/": {"office", "own", "other", "leader", "inspector"},
}


@pytest.mark.parametrize("path", OPENED)
def test_a_page_opens_for_whom_it_is_meant_for_and_does_not_exist_for_others(scene, path):
    keys = {"returned": scene.returned.pk, "photo": scene.photo.pk, "plan": scene.plan.pk}
    address = path.format(unit=scene.plan.project.unit_id, **keys)

    answers = {who: scene.client(who).get(address).status_code for who in READERS}

    assert {who for who, status in answers.items() if status == 200} == OPENED[path]
    assert {status for status in answers.values() if status != 200} <= {302, 404}


# {address: who may send to it}. The others get 403 or 404, and nothing is written.
SENT = {
    "/dispatch/": {"office", "own", "other"},
    "/dispatch/plans/{plan}/2024-W22/photos/": {"office", "own"},
    "/dispatch/2024/22/accept/": {"office"},
    "/dispatch/2024/22/return/{report}/": {"office"},
    "/dispatch/2024/22/lock/": {"office"},
    "/dispatch/2024/22/reopen/": {"office"},
    "/dispatch/sheet/2024/22/": {"office", "own", "other"},
    "/base-data/calendar/": {"office"},
    "/base-data/calendar/{day}/delete/": {"office"},
    "/rules/lights/": {"office"},
    "/rules/rankings/": {"office"},
    "/six-ones/assign/": {"office"},
    "/six-ones/{plan}/": {"office", "own"},
    "/leaders/{leader}/visits/add/": {"office", "leader"},
    "/leaders/{leader}/visits/{visit}/delete/": {"office", "leader"},
    "/schedule/{plan}/": {"office", "own"},
    "/schedule/{plan}/approve/": {"office"},
    "/schedule/{plan}/pause/": {"office"},
    "/progress/judgements/{plan}/": {"office", "own", "leader"},
    "/problems/add/": {"office", "own", "other", "inspector"},
    "/problems/{problem}/answer/": {"office", "own"},
    "/problems/{problem}/ask_extension/": {"office", "own"},
    "/problems/{problem}/ask_closing/": {"office", "own"},
    "/problems/{problem}/assign/": {"office"},
    "/problems/{problem}/close/": {"office"},
    "/problems/{problem}/edit/": {"office"},
    "/problems/{problem}/send_back/": {"office"},
    "/problems/{problem}/reopen/": {"office"},
    "/problems/{problem}/grant_extension/": {"office"},
    "/problems/{problem}/refuse_extension/": {"office"},
    "/notices/read/": {"office", "own", "other", "leader", "inspector"},
    "/rules/notices/": {"office"},
}


@pytest.mark.parametrize("path", SENT)
def test_a_form_is_taken_from_whom_it_is_meant_for_and_refused_to_others(scene, path):
    address = path.format(
        plan=scene.plan.pk,
        report=scene.returned.pk,
        day=scene.calendar_day.pk,
        leader=scene.leader.pk,
        visit=scene.visit.pk,
        problem=scene.problem.pk,
    )
    refused = [who for who in READERS if who not in SENT[path]]

    statuses = {who: scene.client(who).post(address).status_code for who in refused}

    assert {who: status for who, status in statuses.items() if status not in {302, 403, 404}} == {}
    assert AuditEntry.objects.filter(outcome="refused").count() == len(refused)
    for who in SENT[path]:
        assert scene.client(who).post(address).status_code in {200, 302, 400, 409, 422}


def test_nothing_of_the_weekly_loop_is_there_for_another_county(scene):
    elsewhere = factories.county("140430", "别县")
    keys = {"plan": scene.plan, "leader": scene.leader, "visit": scene.visit, "problem": scene.problem}
    keys |= {"report": scene.report, "returned": scene.returned, "photo": scene.photo, "day": scene.calendar_day}
    keys = {name: row.pk for name, row in keys.items()} | {"unit": scene.plan.project.unit_id}
    stranger = Client()
    stranger.force_login(factories.user("office", county=elsewhere))
    reads = [path for path in scene.readable() if any(character.isdigit() for character in path.partition("?")[0])]
    reads = [path for path in reads if not path.startswith("/dispatch/2024")]
    reads += [path.format(**keys) for path in OPENED if "{" in path]

    found = {path: stranger.get(path).status_code for path in reads}
    sent = {path: stranger.post(path.format(**keys)).status_code for path in SENT if "{" in path}

    assert set(found.values()) == set(sent.values()) == {404}
    telling = [path for path in scene.readable() if path not in found and "河道治理" in said(stranger.get(path))]
    assert telling == []
    assert WeeklyDispatch.objects.filter(state="returned").count() == Problem.objects.count() == 1
