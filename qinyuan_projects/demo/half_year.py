"""The demo's weekly dispatch from 2024-W01 to W22: who reports what, when, how the office reviews and locks it."""

import datetime as dt
import functools
import random
from collections import defaultdict
from dataclasses import asdict
from decimal import Decimal

from django.utils import timezone

from portfolio import reporting
from portfolio.actions import dispatch, week_lights
from portfolio.models import WeeklyDispatch
from portfolio.models.dispatch import NoChange, ReportState
from portfolio.weeks import Week
from qinyuan_projects.demo import defects, invested, people, pictures, planting, problem_stories, stated, tables
from qinyuan_projects.demo.generation import SEED, YEAR
from qinyuan_projects.demo.rows import RESERVE
from qinyuan_projects.demo.series import LAST_WEEK, series
from qinyuan_projects.demo.timeline import Event

LAST_FULL_WEEK = 21
LAST_LOCKED_WEEK = 20
# When a unit reports, counted from the deadline: the day before, in time, the same afternoon, three days later.
DAY_BEFORE, IN_TIME, LATE, VERY_LATE = (dt.timedelta(hours=hours) for hours in (-20, -1.5, 2.5, 70))
REVIEW_AFTER, LOCK_AFTER = dt.timedelta(hours=74), dt.timedelta(hours=99)
DRAFTS_OF_THIRD_REPORTER = 3
PAUSED = {"县城客运枢纽站迁建项目": 15, "椿树坡森林康养基地项目": 19}  # the last week they report
TAKEN_OUT_IN, TAKEN_IN_FROM = 10, {"产业类": 12, "基础设施及社会民生类": 20}
PHASE_TWO_FROM = 14
RETURN_REASON = "形象进度过于笼统，请写明完成的部位和数量。"
TEN_TIMES_REASON = "累计投资比上周多出近十倍，请核对是否多写了一个零。"

EXPLANATIONS = {
    "quiet": "{reason}，暂无新增。",
    "same_words": "施工内容与上周相同。",
    "money_alone": "支付前期工程款。",
    "big_week": "集中计量一次计入。",
    "above_plan": "超出年初安排。",
    "percent_falls": "按计量复核。",
    "ytd_falls": "核减误报。",
    "photo_reused": "误传了另一处的照片。",
}


class HalfYear:
    """`events()` are to be run in the order of their moments, each with the county's clock set to it."""

    def __init__(self, actors, rows):
        self.actors, self.county = actors, actors.county
        rows = [*rows, tables.TAKEN_OUT, *(part for row in rows for part in row.parts)]
        self.rows = {row.name: row for row in rows}
        self.reports = _all_reports(self.rows)

    def events(self):
        for number in range(1, LAST_FULL_WEEK + 1):
            yield from self._events_of(Week(YEAR, number))
        monday = dt.datetime(YEAR, 5, 27, 0, 30)
        yield Event(monday, lambda: self._record_lights(Week(YEAR, LAST_FULL_WEEK)))
        thursday = dt.datetime(YEAR, 5, 30, 16, 0)
        yield Event(thursday, lambda: self._report(Week(YEAR, LAST_WEEK), self._names_in_on_thursday()))
        yield Event(dt.datetime(YEAR, 5, 31, 8, 40), self._third_reporter_this_week)
        yield Event(dt.datetime(YEAR, 5, 31, 9, 10), self._send_one_back)

    def _events_of(self, week):
        due = timezone.make_naive(reporting.due_at(self.county, week))
        by_delay = defaultdict(list)
        for name, row in self.rows.items():
            if week.number in self.reports.get(name, ()):
                by_delay[_delay(row.unit, week.number)].append(name)
        for delay, names in by_delay.items():
            yield Event(due + delay, lambda names=names: self._report(week, names))
        yield Event(due + REVIEW_AFTER, lambda: self._review(week))
        if week.number <= LAST_LOCKED_WEEK:
            yield Event(
                due + LOCK_AFTER, lambda: dispatch.lock_week(by=self.actors.office, county=self.county, week=week)
            )

    # What

    def _report(self, week, names):
        plans = self.actors.plans(names)
        by_reporter = defaultdict(dict)
        for name in names:
            answers = asdict(self.reports[name][week.number])
            by_reporter[self.actors.of_unit(self.rows[name].unit, week.number)][plans[name]] = answers
        for reporter, answers in by_reporter.items():
            self._submit(reporter, week, answers)

    def _submit(self, by, week, answers):
        """Save and submit; what the page warns of is explained, and submitted once more."""
        wrong = {plan: values for plan, values in answers.items() if self._is_ten_times(plan, week)}
        for plan, values in wrong.items():
            answers[plan] = {**values, "ytd_investment": values["ytd_investment"] * 10}
        saved = dispatch.save_many(by=by, county=self.county, week=week, answers=answers)
        for plan in answers:
            pictures.attach(by, plan, week)
        outcome = self._send(by, week, saved)
        if outcome.unexplained:
            explained = {
                report.plan: {"explanation": _explanation(report, outcome.unexplained[report.plan_id])}
                for report in saved
                if report.plan_id in outcome.unexplained
            }
            versions = {report.plan_id: report.row_version for report in saved}
            saved = dispatch.save_many(by=by, county=self.county, week=week, answers=explained, versions=versions)
            outcome = self._send(by, week, saved)
        if not outcome.is_complete:
            raise RuntimeError(f"the demo's reports of {week} can't be submitted: {outcome}")
        for plan, values in wrong.items():
            self._correct(by, week, plan, values)

    def _send(self, by, week, reports):
        versions = {report.plan_id: report.row_version for report in reports}
        return dispatch.submit(by=by, county=self.county, week=week, versions=versions)

    def _is_ten_times(self, plan, week):
        defect = defects.of(plan.project.name, defects.Kind.TEN_TIMES)
        return defect is not None and week.number in defect.weeks

    def _correct(self, by, week, plan, values):
        report = WeeklyDispatch.objects.of_week(week).get(plan=plan)
        report = dispatch.send_back(
            by=self.actors.office, report=report, reason=TEN_TIMES_REASON, version=report.row_version
        )
        saved = dispatch.save_many(
            by=by,
            county=self.county,
            week=week,
            answers={plan: {**values, "explanation": "已改正。"}},
            versions={plan.pk: report.row_version},
        )
        self._send(by, week, saved)

    # The office

    def _review(self, week):
        waiting = WeeklyDispatch.objects.of_week(week).filter(county=self.county, state=ReportState.REPORTED)
        versions = dict(waiting.values_list("pk", "row_version"))
        dispatch.accept(by=self.actors.office, county=self.county, week=week, versions=versions)

    def _record_lights(self, week):
        week_lights.record_lights(by=self.actors.office, county=self.county, weeks=[week])

    # This Friday

    def _names_in_on_thursday(self):
        return [name for name in self._names_in_this_week() if not self._is_third_reporters(name)]

    def _names_in_this_week(self):
        return [name for name, reports in self.reports.items() if LAST_WEEK in reports]

    def _is_third_reporters(self, name):
        return self.rows[name].unit == people.UNIT_OF_THIRD_REPORTER

    def _third_reporter_this_week(self):
        """Most are in, one is about to come back, the last ones still drafts."""
        self._report(Week(YEAR, LAST_WEEK), [n for n in self._names_in_this_week() if self._is_third_reporters(n)])
        returned, *drafts = _held_back(self.rows)
        self._submit(
            self.actors.accounts["reporter3"], Week(YEAR, LAST_WEEK), self._unfinished([returned], "正常施工。")
        )
        dispatch.save_many(
            by=self.actors.accounts["reporter3"],
            county=self.county,
            week=Week(YEAR, LAST_WEEK),
            answers=self._unfinished(drafts, ""),
        )

    def _unfinished(self, names, words):
        plans = self.actors.plans(names)
        last_week = {name: asdict(self.reports[name][LAST_FULL_WEEK]) for name in names}
        cleared = {"progress": words, "no_change": "", "problem": "", "problem_kind": "", "needs_help": ""}
        return {plans[name]: {**last_week[name], **cleared} for name in names}

    def _send_one_back(self):
        returned = _held_back(self.rows)[0]
        report = WeeklyDispatch.objects.of_week(Week(YEAR, LAST_WEEK)).get(plan__project__name=returned)
        dispatch.send_back(by=self.actors.office, report=report, reason=RETURN_REASON, version=report.row_version)


def _all_reports(rows):
    """{project name: {week: Answers}} of everything that is reported in the half year."""
    january = {row.name: row for row in tables.january_rows(tables.may_rows())}
    money = {
        **invested.by_may([row for row in rows.values() if row is not tables.TAKEN_OUT]),
        tables.TAKEN_OUT.name: Decimal(0),
    }
    held_back, found = set(_held_back(rows)), {}
    for name, row in rows.items():
        first, last = _span(row, held_back)
        if first is None:
            continue
        before = january.get(name) or row.but(percent=None, stage="")
        found[name] = series(row, before, first=first, last=last, invested=money.get(name))
        planting.plant(row, found[name])
        _raise_problems(name, found[name])
    return found


def _raise_problems(name, reports):
    for week, report in reports.items():
        if story := problem_stories.from_report(name, week):
            report.problem, report.problem_kind, report.needs_help = story.text, story.kind, story.help


def _span(row, held_back):
    """(first, last week) in which the project reports; (None, None) when it does not."""
    if row is tables.TAKEN_OUT:
        return 1, TAKEN_OUT_IN
    if row.stage == RESERVE or row.name == stated.WATER_DATA.name:
        return None, None
    if row.name == stated.BATTERIES.name:
        return LAST_WEEK, LAST_WEEK
    if row.name in {part.name for part in stated.WATER_DATA.parts}:
        return (None, None) if row.percent == 100 else (PHASE_TWO_FROM, LAST_WEEK)
    if row.name in PAUSED:
        return 1, PAUSED[row.name]
    is_in = row.name not in held_back and _reports_this_week(row.unit)
    return _taken_in().get(row.name, 1), LAST_WEEK if is_in else LAST_FULL_WEEK


@functools.cache
def _taken_in():
    """{project name: the first week of those that came into the plan during the year}"""
    return {row.name: TAKEN_IN_FROM[category] for category, row in tables.taken_in(tables.may_rows()).items()}


def _held_back(rows):
    """The third reporter's that are not in this week: one returned, then the drafts."""
    theirs = [
        name
        for name, row in rows.items()
        if row.unit == people.UNIT_OF_THIRD_REPORTER and row.stage != RESERVE and row.name not in PAUSED
    ]
    return [theirs[1], *theirs[-DRAFTS_OF_THIRD_REPORTER:]]


def _reports_this_week(unit):
    """Whether the unit's reports of week 22 are in: about half of them, none of the first reporter's."""
    if unit == people.UNIT_OF_REPORTERS or unit in defects.LATE_HABITS:
        return False
    if unit in ("", people.UNIT_OF_THIRD_REPORTER):
        return True
    return random.Random(f"{SEED} this week {unit}").random() < 0.5


def _delay(unit, week):
    rng = random.Random(f"{SEED} {unit} {week}")
    if rng.random() < defects.LATE_HABITS.get(unit, defects.LATE_NOW_AND_THEN):
        return LATE if rng.random() < 0.7 else VERY_LATE
    return DAY_BEFORE if rng.random() < 0.3 else IN_TIME


def _explanation(report, warnings):
    planted = next(
        (
            defect.words
            for defect in defects.DEFECTS
            if defect.project == report.plan.project.name and report.week in defect.weeks and defect.words
        ),
        "",
    )
    reason = NoChange(report.no_change).label if report.no_change else "等待计量"
    return planted or "".join(EXPLANATIONS[warning.code].format(reason=reason) for warning in warnings)
