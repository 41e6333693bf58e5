"""What the system tells accounts by itself (提醒): who should know what by now, by the county's rules.

Reading only. `key` names the matter, so that it is told once, whoever finds it and however often.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import RIGHTS, Right, Role
from portfolio import reporting
from portfolio.models import DispatchWeek, Leader, Notice, NoticeKind, WeekLight, WeeklyDispatch
from portfolio.models.dispatch import ReportState
from portfolio.models.judging import Bucket
from portfolio.notice_rules import rules_of
from portfolio.privacy import mask_phones
from portfolio.progress import Light
from portfolio.standings import YearStandings
from portfolio.weeks import Week

# Long holidays move a week's deadline by as much.
WEEKS_BACK = 2
NAMED = 12
_LENGTHS = {name: Notice._meta.get_field(name).max_length for name in ("title", "words")}


@dataclass(frozen=True)
class DueNotice:
    """What one account should be told. `path` is an address of this site."""

    recipient: User
    kind: NoticeKind
    key: str
    title: str
    words: str
    path: str


def due_notices(county, now):
    """[DueNotice] of all that should have been told by `now`, told already or not, by the rules that are on."""
    return _Reading(county, now, rules_of(county)).found()


def of_returned(county, reports):
    """[DueNotice] to the reporters of each report that stands returned; [] while the county wants no such notices."""
    rules = rules_of(county)
    if not rules[NoticeKind.RETURNED].is_on:
        return []
    return list(_Reading(county, county.business_now(), rules).of_returned(reports))


class _Reading:
    """One look at a county, for all kinds: accounts and standings are read once, and only for who needs them."""

    def __init__(self, county, now, rules):
        self.county, self.now, self.rules = county, now, rules

    def found(self):
        readers = {
            NoticeKind.DUE: self._due,
            NoticeKind.RETURNED: self._returned,
            NoticeKind.LATE_UNITS: self._late_units,
            NoticeKind.TURNED_RED: self._turned_red,
            NoticeKind.PROBLEM_OVERDUE: self._problems_overdue,
        }
        return [notice for kind, read in readers.items() if self.rules[kind].is_on for notice in read()]

    # Who

    @cached_property
    def _accounts(self):
        """Active accounts that get notices, by pk."""
        accounts = User.objects.filter(county=self.county, is_active=True, role__in=RIGHTS[Right.GET_NOTICES])
        return {account.pk: account for account in accounts.order_by("pk")}

    @cached_property
    def _office(self):
        return [account for account in self._accounts.values() if account.role == Role.OFFICE]

    @cached_property
    def _reporters(self):
        """{unit pk: [account]}."""
        found = defaultdict(list)
        for account in self._accounts.values():
            if account.role == Role.REPORTER and account.unit_id:
                found[account.unit_id].append(account)
        return found

    @cached_property
    def _liaisons(self):
        """{leader pk: [the leader's account]}."""
        leaders = Leader.objects.filter(county=self.county, user__in=list(self._accounts))
        return {pk: [self._accounts[account]] for pk, account in leaders.values_list("pk", "user")}

    # The week

    @cached_property
    def _weeks(self):
        """[(Week, its deadline)] from the current one back; a holiday may leave an earlier one open."""
        current = Week.of(timezone.localdate(self.now))
        weeks = [current.shifted(-back) for back in range(WEEKS_BACK + 1)]
        return [(week, reporting.due_at(self.county, week)) for week in weeks]

    def _hours(self, kind):
        return dt.timedelta(hours=self.rules[kind].threshold)

    def _missing(self, week):
        """{(unit pk, unit name): [project name]} of what the week still lacks; nothing once it is locked."""
        lock = reporting.lock_of(self.county, week)
        if lock is not None and lock.is_locked:
            return {}
        published = WeeklyDispatch.objects.published().of_week(week).filter(county=self.county)
        plans = reporting.plans_due(self.county, week, lock).exclude(pk__in=published.values("plan"))
        rows = plans.filter(project__unit__isnull=False).order_by("seq", "pk")
        found = defaultdict(list)
        for unit, name, project in rows.values_list("project__unit", "project__unit__name", "project__name"):
            found[unit, name].append(project)
        return found

    def _due(self):
        (current, _), ahead = self._weeks[0], self._hours(NoticeKind.DUE)
        for week, due in self._weeks:
            if self.now >= due - ahead and (week == current or self.now < due):
                for (unit, _name), projects in self._missing(week).items():
                    for reporter in self._reporters[unit]:
                        yield self._due_of(reporter, week, due, projects)

    def _due_of(self, reporter, week, due, projects):
        until = f"已过截止时间 {_moment(due)}" if self.now >= due else f"截止 {_moment(due)}"
        title = f"第{week.number}周还有 {len(projects)} 个项目未报，{until}"
        return _notice(
            reporter, NoticeKind.DUE, f"due:{week}", title, f"未报：{_listed(projects)}。", _entry_path(week)
        )

    def _late_units(self):
        after = self._hours(NoticeKind.LATE_UNITS)
        week, due = next(((week, due) for week, due in self._weeks if self.now >= due + after), (None, None))
        missing = self._missing(week) if week and self._office else {}
        if not missing:
            return
        late = sorted(missing.items(), key=lambda item: -len(item[1]))
        count = sum(len(projects) for projects in missing.values())
        title = f"第{week.number}周有 {len(missing)} 个单位 {count} 个项目逾期未报"
        named = _listed([f"{name} {len(projects)} 个" for (_unit, name), projects in late])
        words = f"已过截止时间 {_moment(due)}，未报：{named}。"
        path = f"{reverse('portfolio:county-week', args=[week.year, week.number])}?tab=remind"
        for account in self._office:
            yield _notice(account, NoticeKind.LATE_UNITS, f"late:{week}", title, words, path)

    # Returned reports

    def _returned(self):
        """Those of a locked week can't be sent again."""
        locked = DispatchWeek.objects.filter(
            county=self.county, year=OuterRef("year"), week=OuterRef("week"), locked_at__isnull=False
        )
        reports = WeeklyDispatch.objects.filter(county=self.county, state=ReportState.RETURNED)
        return self.of_returned(reports.exclude(Exists(locked)))

    def of_returned(self, reports):
        """Each return leaves one history record, which names it: typing on leaves none, and a second return another."""
        records = WeeklyDispatch.history.filter(id=OuterRef("pk"), state=ReportState.RETURNED).order_by("-history_id")
        found = reports.annotate(return_record=Subquery(records.values("history_id")[:1]))
        for report in found.select_related("plan__project").order_by("pk"):
            for reporter in self._reporters[report.plan.project.unit_id]:
                yield _notice(
                    reporter,
                    NoticeKind.RETURNED,
                    f"returned:{report.return_record}",
                    f"“{_short(report.plan.project.name)}”{report.iso_week.label}报送被退回",
                    f"退回原因：{report.return_reason}",
                    f"{_entry_path(report.iso_week)}#card-{report.plan_id}",
                )

    # Standings

    @cached_property
    def _standings(self):
        today = timezone.localdate(self.now)
        return YearStandings(self.county, Week.of(today).year, today)

    def _turned_red(self):
        if (known := self._last_lights()) is None:
            return
        week, lights = known
        for row in self._standings.rows:
            before = lights.get(row.plan.pk)
            if row.light != Light.RED or before == Light.RED:
                continue
            title = f"“{_short(row.project.name)}”转为红灯"
            since = f"{week.label}末为{before.colour}灯" if before else f"{week.label}末尚未列入亮灯"
            for account in [*self._liaisons.get(row.plan.leader_id, ()), *self._office]:
                yield _notice(
                    account,
                    NoticeKind.TURNED_RED,
                    f"red:{row.plan.pk}:{week}",
                    title,
                    f"{row.judgement.reason}（{since}）。",
                    row.plan.get_absolute_url(),
                )

    def _last_lights(self):
        """(the last week whose lights are stored, {plan pk: Light}); None before the first of the year."""
        year = self._standings.year
        stored = WeekLight.objects.filter(county=self.county, year=year)
        number = stored.order_by("-week").values_list("week", flat=True).first()
        if number is None:
            return None
        buckets = stored.filter(week=number).values_list("plan", "bucket")
        return Week(year, number), {plan: Bucket(bucket).light for plan, bucket in buckets}

    def _problems_overdue(self):
        days = max(self.rules[NoticeKind.PROBLEM_OVERDUE].threshold, 1)
        for problem in self._standings.problems:
            past = (self._standings.day - problem.deadline).days
            if past < days:
                continue
            for account in self._liaisons.get(problem.leader_id, ()):
                yield _notice(
                    account,
                    NoticeKind.PROBLEM_OVERDUE,
                    f"problem:{problem.pk}:{problem.deadline}",
                    f"“{_short(problem.project.name)}”有问题逾期 {past} 天未销号",
                    f"{mask_phones(problem)}（办结时限 {problem.deadline}，责任单位 {problem.unit or '未明确'}）",
                    reverse("portfolio:problem-detail", args=[problem.pk]),
                )


def _notice(recipient, kind, key, title, words, path):
    return DueNotice(recipient, kind, key, _cut(title, "title"), _cut(words, "words"), path)


def _cut(text, name):
    longest = _LENGTHS[name]
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _listed(names):
    more = f"等 {len(names)} 个" if len(names) > NAMED else ""
    return f"{'、'.join(names[:NAMED])}{more}"


def _short(name):
    """Project names go up to two hundred characters; the end of a title must still be read."""
    return name if len(name) <= 60 else f"{name[:59]}…"


def _entry_path(week):
    return f"{reverse('portfolio:dispatch')}?week={week}"


def _moment(moment):
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日 {local:%H:%M}"
