"""Writing notices, marking them read, and setting the rules by which they are given.

`User.unread_notices` counts an account's unread ones, so that the bell on every page costs no query. It moves in the
transaction of what it counts, by as many rows as that wrote or marked. No figure of a page hangs on a notice, so
the county's data version stays.
"""

from collections import Counter

from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.models import User
from portfolio import notice_rules, notices
from portfolio.actions import changes
from portfolio.models import ChangeSet, Notice, NoticeRule


def write_notices(*, county, now):
    """The Notices written: of what is due by `now`, those that were not told before. Safe to run at any time."""
    rules = notice_rules.rules_of(county)
    told_before = Notice.objects.filter(county=county).order_by("-pk").values_list("pk", flat=True).first() or 0
    # The county is read before its turn is taken: nobody has to wait while its standings are worked out.
    due = notices.due_notices(county, now, rules)
    with transaction.atomic():
        changes.take_turn(county.pk)
        _take_back(county, due, rules, told_before, now)
        written = _write(county, due, now)
        if written:
            audit.record("写入提醒", actor=None, county=county, summary=f"写入提醒 {len(written)} 条")
    return written


def _take_back(county, due, rules, told_before, now):
    """Mark read what is still unread and no longer stands: it has been settled, or its time is over.

    Only of kinds that are on, and of notices up to `told_before`: a later one was not looked for when `due` was read.
    """
    kinds = [kind for kind, rule in rules.items() if rule.is_on and notice_rules.MANNERS[kind].stands]
    unread = Notice.objects.filter(county=county, read_at=None, kind__in=kinds, pk__lte=told_before)
    standing = {(each.recipient.pk, each.key) for each in due}
    settled = [pk for pk, user, key in unread.values_list("pk", "user", "key") if (user, key) not in standing]
    locked = unread.filter(pk__in=settled).select_for_update(no_key=True).order_by("pk")
    counts = Counter(locked.values_list("user", flat=True)) if settled else {}
    if counts:
        mark(unread.filter(pk__in=settled), read_at=now)
        _count_unread(counts, -1)
        summary = f"{counts.total()} 条提醒所说的事已经办理，标为已读"
        audit.record("收回提醒", actor=None, county=county, summary=summary)


def _count_unread(counts, sign=1):
    for user, count in sorted(counts.items()):
        User.objects.filter(pk=user).update(unread_notices=F("unread_notices") + sign * count)


def tell_of_return(*, county, report):
    """Written by whoever returns a report, inside that transaction and county's turn; the return is its audit entry."""
    due = notices.of_returned(county, type(report).objects.filter(pk=report.pk))
    return _write(county, due, county.business_now())


def _write(county, due, now):
    """The caller has the county's turn, so nobody writes the same in between."""
    recipients = {notice.recipient.pk for notice in due}
    known = set(Notice.objects.filter(county=county, user__in=recipients).values_list("user", "key"))
    new = {(each.recipient.pk, each.key): each for each in due if (each.recipient.pk, each.key) not in known}
    written = Notice.objects.bulk_create(
        [
            Notice(
                county=county,
                user=each.recipient,
                kind=each.kind,
                key=each.key,
                title=each.title,
                words=each.words,
                path=each.path,
                at=now,
            )
            for each in new.values()
        ],
        batch_size=changes.BATCH,
    )
    _count_unread(Counter(notice.user_id for notice in written))
    return written


@transaction.atomic
def mark_read(*, by, notice=None, until=None):
    """How many of the account's notices became read: `notice`, or all, up to the number `until` if one is given.

    Raises DoesNotExist for somebody else's notice.
    """
    own = Notice.objects.visible_to(by).filter(user=by)
    if notice is not None:
        own = own.filter(pk=own.get(pk=notice.pk).pk)
    elif until is not None:
        own = own.filter(pk__lte=until)
    count = mark(own.filter(read_at=None), read_at=by.county.business_now())
    if count:
        User.objects.filter(pk=by.pk).update(unread_notices=F("unread_notices") - count)
        audit.record("阅读提醒", actor=by, summary=f"{count} 条提醒标为已读")
    return count


def mark(found, **values):
    """How many of the notices `found`, a queryset, were written; inside the caller's transaction.

    They are locked in one order, so that a reader and a channel that mark the same ones wait for each other.
    """
    locked = found.select_for_update(no_key=True).order_by("pk")
    return Notice.objects.filter(pk__in=list(locked.values_list("pk", flat=True))).update(**values)


@transaction.atomic
def set_notice_rules(*, by, county, values, seen, form_key):
    """The change set; None when this form has been sent before. `values` is {kind: {field: value}} of all kinds.

    `seen` is the stamp (`notice_rules.stamp`) of the rules that the form showed. Raises `notice_rules.Stale` and
    `notice_rules.Refused`.
    """
    changes.take_turn(county.pk)
    if ChangeSet.objects.filter(form_key=form_key, by=by).exists():
        return None
    rules = notice_rules.rules_of(county)
    if notice_rules.stamp(rules) != seen:
        raise notice_rules.Stale
    notice_rules.insist(values)
    told = notice_rules.told(notice_rules.content_of(rules), values)
    if not told:
        raise notice_rules.Refused({None: "各项都没有改动，没有保存。请修改要调整的项再保存。"})
    summary = f"修改提醒规则：{'；'.join(told)}"
    change_set = changes.begin(ChangeSet.Kind.DETAILS, county=county, by=by, summary=summary, form_key=form_key)
    for kind, fields in values.items():
        NoticeRule.objects.update_or_create(county=county, kind=kind, defaults=fields)
    return change_set
