"""Takes the demo county out again: its rows with their history, its accounts, its files, and the stopped clock.

The audit trail stays, and so does what people entered by hand, unless it hangs on demo rows: then nothing is removed.
"""

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from accounts import audit
from accounts.models import AuditEntry, County, Unit, User
from portfolio.models import AnnualPlan, ChangeSet, HeaderMapping, ImportBatch, Leader, Project, SavedView, TableLayout

NAMED = 5


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
    removed = {"个项目": _remove_projects()}
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
            .filter(Q(leader__is_demo=True) | Q(part_of__project__is_demo=True))
            .select_related("project")
        ),
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
    AnnualPlan.objects.filter(pk__in=plans).update(part_of=None)
    AnnualPlan.objects.filter(pk__in=plans).delete()
    Project.objects.filter(pk__in=projects).update(parent=None)
    Project.objects.filter(pk__in=projects).delete()
    # Last, because deleting leaves a record of its own.
    touched = _forget_history(AnnualPlan, plans) | _forget_history(Project, projects)
    _remove_change_sets(touched)
    return len(projects)


def _forget_history(model, pks):
    records = model.history.filter(id__in=pks)
    change_sets = set(records.values_list("change_set", flat=True)) - {None}
    records.delete()
    return change_sets


def _remove_change_sets(touched):
    """Those that told of demo rows only. One that told of other rows too stays, for their sake."""
    told_of = Q()
    for model in (Project, AnnualPlan):
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
        "次导入": ImportBatch.objects.count(),
        "条列对应": HeaderMapping.objects.count(),
        "个常用视图": SavedView.objects.count(),
        "个表格布局": TableLayout.objects.count(),
    }
