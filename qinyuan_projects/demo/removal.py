"""Takes the demo county out again: its rows with their history, its accounts, its files, and the stopped clock.

The audit trail stays, and so does what people entered by hand, unless it hangs on demo rows: then nothing is removed.
"""

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.models import AuditEntry, County, Unit, User
from inspections.models import Checklist, LetterSeries
from portfolio.models import (
    AnnualPlan,
    ChangeSet,
    DispatchWeek,
    HeaderMapping,
    ImportBatch,
    JobRun,
    Leader,
    LightRule,
    Milestone,
    MonthlyTarget,
    Notice,
    NoticeRule,
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
    TableLayout,
    Visit,
    WeekLight,
    WeeklyDispatch,
    WorkTeam,
)
from portfolio.models.outcomes import Outcome
from portfolio.models.permits import FactorNeed, FundFlow, FundSource, Permit, PermitKind, ServiceRequest
from qinyuan_projects.demo.removal_inspections import (
    judges_held,
    letters_held,
    remove_checks,
    remove_letters,
    remove_rounds,
)
from qinyuan_projects.demo.removal_meetings import matters_held, remove_meetings
from qinyuan_projects.demo.removal_reports import remove_reports

NAMED = 5
# What hangs on a plan, in the order in which it can go. None of it is told of in words: it goes with its project.
OF_PLANS = (ScheduleChange, Milestone, MonthlyTarget, Schedule, Pause, WeeklyDispatch, WeekLight, OwnLight)


class CannotRemove(Exception):
    """Rows entered by hand hang on demo rows; the message names them, in Chinese."""


def is_there():
    return County.objects.filter(business_time__isnull=False).exists() or any(
        model.objects.filter(is_demo=True).exists() for model in (Project, Leader, Unit, User)
    )


@transaction.atomic
def remove():
    """(removed, kept): what went and what stays, each {what: how many}. Raises `CannotRemove`."""
    _refuse_if_held()
    _forget_notices()
    removed = {"份演示报告": remove_reports(), "个项目": _remove_projects()}
    removed["名包联领导"] = _delete(Leader.objects.filter(is_demo=True))
    _forget_accounts()
    removed["个账号"] = _delete(User.objects.filter(is_demo=True))
    removed["个单位"] = _delete(Unit.objects.filter(is_demo=True))
    for county in County.objects.all():
        county.business_time = None
        county.save(update_fields=["business_time"])
        audit.record("移除演示数据", actor=None, county=county, summary=listed(removed))
        county.move_data_version()
    return removed, _kept()


def listed(counts):
    return "、".join(f"{count} {what}" for what, count in counts.items() if count) or "没有"


def _delete(queryset):
    return queryset.delete()[1].get(queryset.model._meta.label, 0)


# What holds demo rows


def _refuse_if_held():
    by_hand = Project.objects.filter(is_demo=False)
    held = [
        *(f"项目“{project}”" for project in by_hand.filter(Q(unit__is_demo=True) | Q(parent__is_demo=True))),
        *(
            f"“{plan.project}”的{plan.year}年计划"
            for plan in AnnualPlan.objects.filter(project__is_demo=False)
            .filter(Q(leader__is_demo=True) | Q(deputy_leader__is_demo=True) | Q(part_of__project__is_demo=True))
            .select_related("project")
        ),
        *(
            f"“{problem.project}”的问题“{problem}”"
            for problem in Problem.objects.filter(project__is_demo=False, unit__is_demo=True).select_related("project")
        ),
        *(
            f"“{milestone.plan.project}”的节点“{milestone}”"
            for milestone in Milestone.objects.filter(plan__project__is_demo=False, unit__is_demo=True).select_related(
                "plan__project"
            )
        ),
        *(
            f"“{visit.project}”的走访记录"
            for visit in Visit.objects.filter(project__is_demo=False, leader__is_demo=True).select_related("project")
        ),
        *(
            f"“{row.project}”的{what}"
            for model, what in ((FactorNeed, "要素保障"), (ServiceRequest, "一站式服务"))
            for row in model.objects.filter(project__is_demo=False, unit__is_demo=True).select_related("project")
        ),
        *(f"“{judge.round}”的评委“{judge}”" for judge in judges_held()),
        *(f"发给{letter.unit}的“{letter}”" for letter in letters_held()),
        *(f"“{matter.meeting}”的事项“{matter}”" for matter in matters_held()),
        *(f"账号“{user.username}”" for user in User.objects.filter(is_demo=False, unit__is_demo=True)),
    ]
    if held:
        more = f"等 {len(held)} 处" if len(held) > NAMED else ""
        raise CannotRemove(
            f"手工录入的{'、'.join(held[:NAMED])}{more}用到了演示单位、演示领导或演示项目，没有移除任何数据。"
            "请先改用自己的单位和领导，或删除、撤回这些内容，再执行一次。"
        )


# Projects, their history, and how they came


def _remove_projects():
    projects = list(Project.objects.filter(is_demo=True).values_list("pk", flat=True))
    plans = list(AnnualPlan.objects.filter(project__in=projects).values_list("pk", flat=True))
    touched = remove_letters(plans, projects) | remove_checks(plans) | remove_rounds(plans)
    touched |= remove_meetings(projects)
    touched |= _remove_problems(projects) | _remove_what_hangs_on(plans)
    touched |= _remove_permits(projects) | _remove_needs(projects)
    Visit.objects.filter(project__in=projects).delete()
    AnnualPlan.objects.filter(pk__in=plans).update(part_of=None)
    AnnualPlan.objects.filter(pk__in=plans).delete()
    Project.objects.filter(pk__in=projects).update(parent=None)
    Project.objects.filter(pk__in=projects).delete()
    # Last, because deleting leaves a record of its own.
    touched |= _forget_history(AnnualPlan, id__in=plans) | _forget_history(Project, id__in=projects)
    _remove_change_sets(touched)
    return len(projects)


def _remove_problems(projects):
    problems = Problem.objects.filter(project__in=projects)
    ProblemEvent.objects.filter(problem__in=problems).delete()
    _delete_without_record(problems)
    return _forget_history(Problem, project__in=projects)


def _remove_permits(projects):
    permits = Permit.objects.filter(project__in=projects)
    files = list(permits.exclude(file="").values_list("file", flat=True))
    _delete_without_record(permits)
    transaction.on_commit(lambda: [default_storage.delete(name) for name in files])
    return _forget_history(Permit, project__in=projects)


def _remove_needs(projects):
    """Factors, funds, requests and outcomes. → keys of change sets"""
    FundFlow.objects.filter(source__project__in=projects).delete()
    touched = set()
    for model in (FactorNeed, FundSource, ServiceRequest, Outcome):
        _delete_without_record(model.objects.filter(project__in=projects))
        touched |= _forget_history(model, project__in=projects)
    return touched


def _remove_what_hangs_on(plans):
    """Reports, schedules, pauses and teams of these plans, and the weeks that were locked. → keys of change sets"""
    _remove_photos(Photo.objects.filter(dispatch__plan__in=plans))
    touched = set(ScheduleChange.objects.filter(plan__in=plans).values_list("change_set", flat=True))
    for model in OF_PLANS:
        _delete_without_record(model.objects.filter(plan__in=plans))
        if hasattr(model, "history"):
            touched |= _forget_history(model, plan__in=plans)
    WorkTeam.objects.filter(plan__in=plans).delete()
    _forget_weeks(set(plans))
    return touched


def _forget_weeks(plans):
    """The weeks that were locked, unless plans entered by hand were due in them."""
    for week in DispatchWeek.objects.all():
        week.due_plans = [plan for plan in week.due_plans if plan not in plans]
        week.save() if week.due_plans else week.delete()


def _delete_without_record(rows):
    """Row by row deletion would first write one more history record of each."""
    rows._raw_delete(rows.db)


def _remove_photos(photos):
    files = [name for photo in photos for name in (photo.file.name, photo.thumbnail.name)]
    photos.update(same_as=None)
    photos.delete()
    transaction.on_commit(lambda: [default_storage.delete(name) for name in files])


def _forget_history(model, **of_rows):
    records = model.history.filter(**of_rows)
    change_sets = set(records.values_list("change_set", flat=True)) - {None}
    records.delete()
    return change_sets


def _remove_change_sets(touched):
    """Those that told of demo rows only. One that told of other rows too stays, for their sake."""
    told_of = Q(pk__in=ScheduleChange.objects.values("change_set"))
    for model in apps.get_models():
        if hasattr(model, "history"):
            told_of |= Q(pk__in=model.history.filter(change_set__isnull=False).values("change_set"))
    by_demo = ChangeSet.objects.filter(by__is_demo=True).values_list("pk", flat=True)
    gone = ChangeSet.objects.filter(pk__in=touched | set(by_demo)).exclude(told_of)
    pks = list(gone.values_list("pk", flat=True))
    _remove_imports(ImportBatch.objects.filter(Q(change_set__in=pks) | Q(change_set=None, by__is_demo=True)))
    ChangeSet.objects.filter(pk__in=pks).update(undoes=None)
    ChangeSet.objects.filter(undoes__in=pks).update(undoes=None)
    ChangeSet.objects.filter(pk__in=pks).delete()


def _remove_imports(batches):
    files = [batch.file.name for batch in batches if batch.file]
    batches.delete()
    transaction.on_commit(lambda: [default_storage.delete(name) for name in files])


def _forget_notices():
    """All that was told by the stopped clock, also to accounts that stay; what still holds will be told anew."""
    Notice.objects.filter(county__business_time__isnull=False).delete()
    User.objects.filter(county__business_time__isnull=False).update(unread_notices=0)


def _forget_accounts():
    """What stays no longer names a demo account; the audit trail keeps the name in words."""
    for model in (ChangeSet, ImportBatch):
        model.objects.filter(by__is_demo=True).update(by=None)


def _kept():
    return {
        "条审计记录": AuditEntry.objects.count(),
        "个县": County.objects.count(),
        "个手工录入的项目": Project.objects.count(),
        "个手工录入的单位": Unit.objects.count(),
        "名手工录入的包联领导": Leader.objects.count(),
        "个账号": User.objects.count(),
        "种前期手续": PermitKind.objects.count(),
        "版亮灯规则": LightRule.objects.count(),
        "版四看清单": Checklist.objects.count(),
        "个发文字头": LetterSeries.objects.count(),
        "版排名权重": RankingWeights.objects.count(),
        "条提醒规则": NoticeRule.objects.count(),
        "次定时任务": JobRun.objects.count(),
        "次导入": ImportBatch.objects.count(),
        "条列对应": HeaderMapping.objects.count(),
        "个常用视图": SavedView.objects.count(),
        "个表格布局": TableLayout.objects.count(),
    }
