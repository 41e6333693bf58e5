"""Every action of the portfolio leaves one entry in the audit trail, and moves the version that pages are kept by."""

import datetime as dt
import importlib
import inspect
import io
import pkgutil
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import AuditEntry, County, User
from portfolio import actions, layouts, notice_rules, permit_kinds
from portfolio.actions import dispatch, funds, photos, register, schedule
from portfolio.light_rules import SETTINGS
from portfolio.models import (
    AnnualPlan,
    CalendarDay,
    Component,
    Leader,
    Notice,
    NoticeKind,
    Pause,
    Project,
    SavedView,
    WorkTeam,
)
from portfolio.models.permits import FactorNeed, FundSource, PermitKind
from portfolio.permit_entries import PermitEntry, values_of
from portfolio.plan_fields import BY_KEY
from portfolio.progress import DEFAULTS
from portfolio.schedule_entries import MilestoneEntry
from portfolio.weeks import Week
from tests import factories

pytestmark = pytest.mark.django_db

WEEK = Week(2024, 22)
TODAY = dt.date(2024, 5, 31)
WEEKS = dt.timedelta(weeks=2)
ANSWERS = {"ytd_investment": 10, "works_percent": 5, "progress": "基础完成。"}
NEED = {"factor": "land", "detail": "", "measure": "亩", "needed": 5, "secured": 0}
# Not of the county's figures: what only its unit sees, and what an account has arranged for itself.
OF_NO_PAGE = {"dispatch.save", "dispatch.save_many", "photos.add", "photos.delete"}
OF_NO_PAGE |= {f"table_views.{name}" for name in ("save_view", "save_layout", "discard")} | {"notices.mark_read"}
# They read, or are part of the others.
NO_ACTIONS = {"changes.begin", "form_keys.once", "problems.raised_with", "register.created_with"}
NO_ACTIONS |= {f"project_rows.{name}" for name in ("begin", "is_done", "writable_project")}


class Stage:
    """A plan under way and the office; `of_…` are the arguments that an action takes, with what it needs stored."""

    def __init__(self):
        self.county = factories.clock(2024, 5, 31, 10)
        self.office = factories.user("office")
        self.plan = factories.plan_under_way(seq=1)
        self.project = self.plan.project
        self.leader = factories.leader()
        self.token = f"{self.plan.pk}:{self.plan.row_version}:{self.project.row_version}"

    def stored(self, row):
        row.county = self.county
        row.save()
        return row

    def office_of(self, **values):
        return {"by": self.office, "county": self.county, **values}

    def at(self, **values):
        return self.office_of(week=WEEK, **values)

    def of_plan(self, **values):
        return {"by": self.office, "plan": self.plan, **values}

    def of_project(self, **values):
        return {"by": self.office, "project": self.project, "version": 1, **values}

    def edit(self):
        values = {"project_fields": {"sector": "文旅"}, "project_version": 1}
        return {"by": self.office, "project": self.project, **values}

    def known_long_ago(self, **values):
        for model in (Project, AnnualPlan):
            model.history.update(history_date=self.county.business_now() - 20 * WEEKS)
        return {"by": self.office, "county": self.county, **values}

    def report(self, state):
        return factories.report(self.plan, 22, state, row_version=1, **ANSWERS)

    def with_last_year(self):
        factories.plan(self.project, year=2023, annual_target="完成主体。")
        return [self.plan]

    def with_team(self):
        plan = factories.plan()
        self.stored(WorkTeam(plan=plan, head="张组长", at=self.county.business_time))
        return plan

    def of_paused(self, **values):
        fields = {"reason": "funds", "words": "等待资金。", "paused_on": TODAY, "review_on": TODAY}
        self.stored(Pause(plan=self.plan, **fields))
        return self.of_plan(**values)

    def of_photo(self):
        out = io.BytesIO()
        factories.picture().save(out, "JPEG")
        upload = SimpleUploadedFile("photo.jpg", out.getvalue())
        return self.of_plan(week=WEEK, upload=upload, upload_key=uuid.uuid4())

    def permit_kind(self):
        PermitKind.objects.bulk_create(permit_kinds.default_rows(self.county))
        return PermitKind.objects.get(code="land")

    def of_permit(self):
        entry = PermitEntry(self.permit_kind(), values_of(None) | {"state": "asked"})
        return {"by": self.office, "project": self.project, "entries": [entry]}

    def of_problem(self, state, **values):
        problem = factories.problem(self.project, state, deadline=TODAY)
        return {"by": self.office, "problem": problem, "version": 1, **values}

    def of_asked(self, **values):
        problem = factories.problem(self.project, "assigned", deadline=TODAY, asked_deadline=TODAY + WEEKS)
        return {"by": self.office, "problem": problem, "version": 1, **values}

    def schedule(self):
        node = MilestoneEntry("开工", dt.date(2024, 3, 1), "start")
        return self.of_plan(milestones=[node], monthly=None, version=0)

    def of_scheduled(self, **values):
        schedule.save_schedule(**self.schedule())
        return self.of_plan(**values)

    def of_node(self, **values):
        schedule.save_schedule(**self.schedule())
        return {"by": self.office, "milestone": self.plan.milestones.get(), **values}

    def shared(self, **values):
        return {"by": self.office, "name": "我的", "shared": False, **values}

    def of_need(self, **values):
        return {"by": self.office, "project": self.project, "model": FactorNeed, **values}

    def need(self):
        return self.stored(FactorNeed(project=self.project, **NEED))

    def of_flow(self):
        source = self.stored(FundSource(project=self.project, kind="bond"))
        return {"by": self.office, "source": source, "kind": "arrived", "day": TODAY, "amount": 5}

    def of_rule(self):
        values = {name: getattr(DEFAULTS, name) for name in SETTINGS} | {"grace_months": 2}
        return self.office_of(
            values={**values, "since": TODAY, "words": "年初宽限。"}, follows=0, form_key=uuid.uuid4()
        )

    def of_notice(self):
        fields = {
            "kind": "late_units",
            "key": "late:2024-W21",
            "title": "有 2 个单位逾期未报",
            "path": "/dispatch/2024/21/",
        }
        self.stored(Notice(user=self.office, at=self.county.business_time, **fields))
        User.objects.filter(pk=self.office.pk).update(unread_notices=1)
        return {"by": self.office}

    def of_notice_rules(self):
        rules = notice_rules.rules_of(self.county)
        values = notice_rules.content_of(rules)
        values[NoticeKind.DUE]["threshold"] = 48
        return self.office_of(values=values, seen=notice_rules.stamp(rules), form_key=uuid.uuid4())

    def of_weights(self):
        weights = {"completion": 40, "lights": 20, "reporting": 30, "problems": 10}
        values = {"weights": weights, "least_projects": 3, "since": TODAY, "words": "重报送。"}
        return self.office_of(values=values, follows=0, form_key=uuid.uuid4())

    def of_light(self):
        return self.of_plan(light="green", words="可追上序时。", form_key=uuid.uuid4())

    def of_visit(self):
        fields = {"day": TODAY, "words": "看了现场。", "form_key": uuid.uuid4()}
        return {"by": self.office, "leader": self.leader, "project": self.project, **fields}


# {name: what an action is called with}; what getting ready writes is not counted.
CALLS = {
    "base_data.save_row": lambda s: {"by": s.office, "row": Leader(county=s.county, name="县领导乙"), "fields": ()},
    "bulk.apply": lambda s: s.office_of(tokens=[s.token], column=BY_KEY["leader"], value=s.leader),
    "calendar_days.add": lambda s: {"by": s.office, "day": CalendarDay(county=s.county, day=TODAY, note="防汛")},
    "calendar_days.remove": lambda s: {"by": s.office, "day": s.stored(CalendarDay(day=TODAY, note="防汛"))},
    "changes.undo": lambda s: {"by": s.office, "change_set": register.save_project(**s.edit())},
    "dispatch.accept": lambda s: s.at(versions={s.report("reported").pk: 1}),
    "dispatch.lock_week": lambda s: s.at(),
    "dispatch.reopen_week": lambda s: s.at(reason="更正。") | {"week": dispatch.lock_week(**s.at()).iso_week},
    "dispatch.save": lambda s: s.of_plan(week=WEEK, values=ANSWERS, version=0),
    "dispatch.save_many": lambda s: s.at(answers={s.plan: ANSWERS}),
    "dispatch.send_back": lambda s: {"by": s.office, "report": s.report("reported"), "reason": "不实。", "version": 1},
    "dispatch.submit": lambda s: s.at(versions={s.report("draft").plan_id: 1}),
    "dispatch.withdraw": lambda s: {"by": s.office, "report": s.report("reported"), "version": 1},
    "duties.assign_leader": lambda s: s.office_of(tokens=[s.token], leader=s.leader),
    "duties.copy_last_year": lambda s: {"by": s.office, "plans": s.with_last_year()},
    "duties.copy_team": lambda s: {"by": s.office, "source": s.with_team(), "plans": [s.plan]},
    "duties.save_duties": lambda s: s.of_plan(plan_values={"leader": s.leader}, version=1, team_values={}, seen=None),
    "duties.save_team": lambda s: s.of_plan(values={"head": "张组长"}, seen=None),
    "notices.mark_read": lambda s: s.of_notice(),
    "notices.set_notice_rules": lambda s: s.of_notice_rules(),
    "pauses.pause": lambda s: s.of_plan(reason="funds", words="等待资金。", paused_on=TODAY, review_on=TODAY),
    "pauses.resume": lambda s: s.of_paused(resumed_on=TODAY, words="复工。"),
    "pauses.review": lambda s: s.of_paused(review_on=TODAY + WEEKS, words="仍缺资金。"),
    "funds.add_flow": lambda s: s.of_flow(),
    "funds.delete_flow": lambda s: {"by": s.office, "flow": funds.add_flow(**s.of_flow())},
    "latest_reports.repair": lambda s: s.report("accepted") and {"by": s.office, "county": s.county},
    "permits.load_default_kinds": lambda s: s.office_of(),
    "permits.save": lambda s: s.of_permit(),
    "permits.set_many": lambda s: {
        "by": s.office,
        "kind": s.permit_kind(),
        "seen": {s.project.pk: ""},
        "values": {"state": "asked"},
    },
    "own_lights.judge_plan": lambda s: s.of_light(),
    "photos.add": lambda s: s.of_photo(),
    "photos.delete": lambda s: {"by": s.office, "photo": photos.add(**s.of_photo())},
    "problems.answer": lambda s: s.of_problem("assigned", text="已办。"),
    "problems.ask_closing": lambda s: s.of_problem("assigned", text="办结。"),
    "problems.ask_extension": lambda s: s.of_problem("assigned", reason="缺地。", deadline=TODAY + WEEKS),
    "problems.assign": lambda s: s.of_problem("raised", unit=s.project.unit, kind="land", is_complex=True),
    "problems.close": lambda s: s.of_problem("closing", text="已核。"),
    "problems.edit": lambda s: s.of_problem("assigned", values={"measure": "加快征地。"}),
    "problems.grant_extension": lambda s: s.of_asked(),
    "problems.raise_problem": lambda s: {"by": s.office, "project": s.project, "values": {"text": "缺地。"}},
    "problems.refuse_extension": lambda s: s.of_asked(reason="抓紧。"),
    "problems.reopen": lambda s: s.of_problem("closed", reason="又出现。"),
    "problems.send_back": lambda s: s.of_problem("closing", reason="没办完。"),
    "project_rows.delete": lambda s: s.of_need(pk=s.need().pk, version=1),
    "project_rows.save": lambda s: s.of_need(values=NEED),
    "register.add_to_year": lambda s: {"by": s.office, "project": s.project, "year": 2025, "plan_fields": {}},
    "register.create_project": lambda s: s.office_of(year=2024, project_fields={"name": "新项目"}, plan_fields={}),
    "register.save_project": lambda s: s.edit(),
    "register.set_aliases": lambda s: s.of_project(names=["旧名"]),
    "register.set_components": lambda s: s.of_project(components=[Component(name="泵房")]),
    "register.set_parent": lambda s: s.of_project(parent=factories.project(), phase=1),
    "register.set_plan_state": lambda s: s.of_plan(state="removed", reason="缺地。", version=1),
    "rules.set_light_rule": lambda s: s.of_rule(),
    "rules.set_ranking_weights": lambda s: s.of_weights(),
    "schedule.approve": lambda s: s.of_scheduled(version=1),
    "schedule.record_done": lambda s: s.of_node(done_on=TODAY, version=1),
    "schedule.save_schedule": lambda s: s.schedule(),
    "table_views.discard": lambda s: {"by": s.office, "owned": s.stored(SavedView(owner=s.office, name="我的"))},
    "table_views.save_layout": lambda s: s.shared(layout=layouts.Layout(), is_default=True),
    "table_views.save_view": lambda s: s.shared(query="year=2024", words="全部"),
    "visits.delete_visit": lambda s: {"by": s.office, "visit": factories.visit(s.leader, s.project)},
    "visits.record_visit": lambda s: s.of_visit(),
    "week_lights.record_lights": lambda s: s.known_long_ago(weeks=[WEEK.previous]),
}


def public_actions():
    """{`module.function`: function} of all that somebody (`by`) does."""
    found = {}
    for module in pkgutil.iter_modules(actions.__path__):
        module = importlib.import_module(f"portfolio.actions.{module.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and "by" in inspect.signature(function).parameters:
                found[f"{module.__name__.rpartition('.')[2]}.{name}"] = function
    return {name: function for name, function in found.items() if "._" not in name}


def test_every_action_is_tried_here():
    assert public_actions().keys() - NO_ACTIONS == CALLS.keys()


@pytest.mark.parametrize("name", CALLS)
def test_an_action_leaves_one_entry_in_the_trail_and_moves_the_data_version(name):
    stage = Stage()
    values = CALLS[name](stage)
    entries, version = AuditEntry.objects.count(), County.objects.get().data_version

    public_actions()[name](**values)

    moved = County.objects.get().data_version - version
    assert (AuditEntry.objects.count() - entries, moved) == (1, 0 if name in OF_NO_PAGE else 1)
    entry = AuditEntry.objects.first()
    assert (entry.actor, entry.county, entry.outcome) == (stage.office, stage.county, "done")
