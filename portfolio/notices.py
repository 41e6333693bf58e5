"""What the system tells accounts by itself (提醒): who should know what by now, by the county's rules.

Reading only. `key` names the matter, so that it is told once, whoever finds it and however often.
"""

from collections import defaultdict
from functools import cached_property

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from portfolio import notice_readers, reporting
from portfolio.models import DispatchWeek, NoticeKind, WeekLight, WeeklyDispatch
from portfolio.models.dispatch import ReportState
from portfolio.models.judging import Bucket
from portfolio.notice_readers import listed, short, told
from portfolio.notice_rules import rules_of
from portfolio.permits import PermitMatrix
from portfolio.privacy import mask_phones
from portfolio.progress import Light
from portfolio.standings import YearStandings
from portfolio.weeks import Week

# Long holidays move a week's deadline by as much.
WEEKS_BACK = 2


def due_notices(county, now, rules=None):
    """[DueNotice] of all that should have been told by `now`, told already or not, by the rules that are on."""
    return _Reading(county, now, rules or rules_of(county)).found()


def of_returned(county, reports):
    """[DueNotice] to the reporters of each report that stands returned; [] while the county wants no such notices."""
    rules = rules_of(county)
    if not rules[NoticeKind.RETURNED].is_on:
        return []
    return list(_Reading(county, county.business_now(), rules).of_returned(reports))


class _Reading(notice_readers.Reading):
    """A county's look with the readers of this app: reports, lights, problems, permits."""

    def found(self):
        readers = {
            NoticeKind.DUE: self._due,
            NoticeKind.RETURNED: self._returned,
            NoticeKind.LATE_UNITS: self._late_units,
            NoticeKind.TURNED_RED: self._turned_red,
            NoticeKind.PROBLEM_OVERDUE: self._problems_overdue,
            NoticeKind.PERMIT_LAPSING: self._permits_lapsing,
        }
        others = {kind: lambda read=read: read(self) for kind, read in notice_readers.registered().items()}
        return [notice for kind, read in (readers | others).items() if self.rules[kind].is_on for notice in read()]

    # The week

    @cached_property
    def _weeks(self):
        """[(Week, its deadline)] from the current one back; a holiday may leave an earlier one open."""
        current = Week.of(timezone.localdate(self.now))
        weeks = [current.shifted(-back) for back in range(WEEKS_BACK + 1)]
        return [(week, reporting.due_at(self.county, week)) for week in weeks]

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
        (current, _), ahead = self._weeks[0], self.hours(NoticeKind.DUE)
        for week, due in self._weeks:
            if self.now >= due - ahead and (week == current or self.now < due):
                for (unit, _name), projects in self._missing(week).items():
                    yield from self._due_of(unit, week, due, projects)

    def _due_of(self, unit, week, due, projects):
        until = f"已过截止时间 {_moment(due)}" if self.now >= due else f"截止 {_moment(due)}"
        title = f"第{week.number}周还有 {len(projects)} 个项目未报，{until}"
        words = f"未报：{listed(projects)}。"
        key, path = f"due:{week}", _entry_path(week)
        return told(self.reporters[unit], NoticeKind.DUE, key, title=title, words=words, path=path)

    def _late_units(self):
        after = self.hours(NoticeKind.LATE_UNITS)
        week, due = next(((week, due) for week, due in self._weeks if self.now >= due + after), (None, None))
        missing = self._missing(week) if week and self.office else {}
        if not missing:
            return []
        late = sorted(missing.items(), key=lambda item: -len(item[1]))
        count = sum(len(projects) for projects in missing.values())
        title = f"第{week.number}周有 {len(missing)} 个单位 {count} 个项目逾期未报"
        named = listed([f"{name} {len(projects)} 个" for (_unit, name), projects in late])
        words = f"已过截止时间 {_moment(due)}，未报：{named}。"
        path = f"{reverse('portfolio:county-week', args=[week.year, week.number])}?tab=remind"
        return told(self.office, NoticeKind.LATE_UNITS, f"late:{week}", title=title, words=words, path=path)

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
            yield from told(
                self.reporters[report.plan.project.unit_id],
                NoticeKind.RETURNED,
                f"returned:{report.return_record}",
                title=f"“{short(report.plan.project.name)}”{report.iso_week.label}报送被退回",
                words=f"退回原因：{report.return_reason}",
                path=f"{_entry_path(report.iso_week)}#card-{report.plan_id}",
            )

    # Standings

    @cached_property
    def _standings(self):
        return YearStandings(self.county, Week.of(self.today).year, self.today)

    def _turned_red(self):
        if (known := self._last_lights()) is None:
            return
        week, lights = known
        for row in self._standings.rows:
            before = lights.get(row.plan.pk)
            if row.light != Light.RED or before == Light.RED:
                continue
            title = f"“{short(row.project.name)}”转为红灯"
            since = f"{week.label}末为{before.colour}灯" if before else f"{week.label}末尚未列入亮灯"
            yield from told(
                [*self.liaisons[row.plan.leader_id], *self.office],
                NoticeKind.TURNED_RED,
                f"red:{row.plan.pk}:{week}",
                title=title,
                words=f"{row.judgement.reason}（{since}）。",
                path=row.plan.get_absolute_url(),
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
        days = max(self.days(NoticeKind.PROBLEM_OVERDUE), 1)
        for problem in self._standings.problems:
            past = (self._standings.day - problem.deadline).days
            if past < days:
                continue
            yield from told(
                self.liaisons[problem.leader_id],
                NoticeKind.PROBLEM_OVERDUE,
                f"problem:{problem.pk}:{problem.deadline}",
                title=f"“{short(problem.project.name)}”有问题逾期 {past} 天未销号",
                words=f"{mask_phones(problem)}（办结时限 {problem.deadline}，责任单位 {problem.unit or '未明确'}）",
                path=reverse("portfolio:problem-detail", args=[problem.pk]),
            )

    # Permits

    def _permits_lapsing(self):
        """From so many days before the last day that a permit holds, to that day."""
        ahead = self.days(NoticeKind.PERMIT_LAPSING)
        for cell in PermitMatrix(self.county, self.today.year, self.today).lapsing:
            if cell.days_left > ahead:
                continue
            left = f"还有 {cell.days_left} 天到期" if cell.days_left else "今天到期"
            yield from told(
                [*self.reporters[cell.project.unit_id], *self.office],
                NoticeKind.PERMIT_LAPSING,
                f"permit:{cell.permit.pk}:{cell.lapses_on}",
                title=f"“{short(cell.project.name)}”{cell.kind}{left}",
                words=f"{cell.alarm_words}（责任单位 {cell.project.unit or '未明确'}）。",
                path=reverse("portfolio:project-permits", args=[cell.project.pk]),
            )


def _entry_path(week):
    return f"{reverse('portfolio:dispatch')}?week={week}"


def _moment(moment):
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日 {local:%H:%M}"
