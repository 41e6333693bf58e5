"""The weekly bulletin (周调度通报): one page of what the week brought, made of the ledger's figures.

Its text is made once, as sections of pieces, so that screen, paper and .docx say the same. A piece may lead somewhere:
to a project, or to a unit's rows in the week.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from django.db.models import Q
from django.utils.timezone import localdate

from portfolio import dispatch, figures
from portfolio.models import Problem, WeeklyDispatch
from portfolio.models.dispatch import ReportState
from portfolio.report_checks import is_quiet

# The text area of an A4 page in official format is 156 × 225 mm: 27 characters of 16 pt a line, 637 points high. Lines
# stand as far apart as that allows within what reads well. Title, subtitle, gap and signature take four of them, and
# one is kept in reserve, should a line break fall otherwise.
LINE = 27
PAGE_POINTS = 637
TIGHTEST, WIDEST = 20, 29
OTHER_LINES = 5
MOST_LINES = PAGE_POINTS // TIGHTEST - OTHER_LINES
MOST_NAMED = 3


@dataclass(frozen=True)
class Piece:
    """Words; `project` or `unit` (keys) say where they lead."""

    text: str
    project: int | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Section:
    title: str
    pieces: tuple

    @property
    def text(self):
        return "".join(piece.text for piece in self.pieces)

    @property
    def lines(self):
        """How many lines of the page the section takes, its title included."""
        text = f"　　{self.title}。{self.text}"
        return ceil(sum(1 if ord(character) > 255 else 0.5 for character in text) / LINE)


@dataclass(frozen=True)
class ProblemsOfWeek:
    new: list
    closed: list
    overdue: list


class Bulletin:
    def __init__(self, ledger):
        self.ledger = ledger
        self.county_week = ledger.county_week
        self.county = ledger.county
        self.week = ledger.week

    # Figures

    @cached_property
    def in_plan(self):
        return [row for row in self.county_week.rows if row.is_in_plan]

    @cached_property
    def planned(self):
        return sum(row.planned for row in self.in_plan if row.planned is not None)

    @property
    def ytd(self):
        return self.ledger.sums.ytd or 0

    @property
    def week_money(self):
        return self.ledger.sums.week_money or 0

    @property
    def counts(self):
        return self.county_week.counts

    # Lists

    @cached_property
    def money_moves(self):
        """Entries by the week's money, largest first; those that brought none are left out."""
        moved = [entry for entry in self.ledger.entries if entry.week_money and entry.week_money > 0]
        return sorted((entry for entry in moved if not entry.is_part), key=lambda entry: -entry.week_money)

    @cached_property
    def works_moves(self):
        """Entries by the step of their works percentage, largest first."""
        moved = [entry for entry in self.ledger.entries if entry.works_step and entry.works_step > 0]
        return sorted((entry for entry in moved if not entry.is_part), key=lambda entry: -entry.works_step)

    @cached_property
    def stuck(self):
        """Entries that report the money and the percentage of three weeks ago."""
        reported = [entry for entry in self.ledger.entries if entry.report]
        week = self.week
        earlier = (
            dispatch.latest_before([entry.row.pk for entry in reported], week.shifted(-2)) if week.number > 3 else {}
        )
        return [entry for entry in reported if is_quiet(entry.report, earlier.get(entry.row.pk))]

    @cached_property
    def returned(self):
        """[(project key, name)] of reports that were returned and are not back yet."""
        reports = WeeklyDispatch.objects.filter(county=self.county, state=ReportState.RETURNED).of_week(self.week)
        return list(reports.order_by("plan__seq", "pk").values_list("plan__project_id", "plan__project__name"))

    def units_by(self, key):
        """[(UnitStanding, how many)] of units with any of that kind, most first."""
        units = [(unit, unit.counts[key]) for unit in self.county_week.units if unit.counts[key]]
        return sorted(units, key=lambda found: (-found[1], found[0].name))

    @cached_property
    def problems(self):
        """What came, what was closed, and what was overdue at the end of the week (of this week: today)."""
        monday, sunday = self.week.monday, self.week.sunday
        day = min(sunday, self.county.business_today())
        is_new, is_closed = Q(raised_on__range=(monday, sunday)), Q(closed_on__range=(monday, sunday))
        is_overdue = Q(deadline__lt=day, raised_on__lte=day) & (Q(closed_on__isnull=True) | Q(closed_on__gt=day))
        found = Problem.objects.filter(is_new | is_closed | is_overdue, county=self.county).select_related("project")
        return ProblemsOfWeek(
            new=[problem for problem in found if monday <= problem.raised_on <= sunday],
            closed=[problem for problem in found if problem.closed_on and monday <= problem.closed_on <= sunday],
            overdue=[problem for problem in found if _was_overdue(problem, day)],
        )

    # Words

    @property
    def title(self):
        return f"{self.county.name}重大项目周调度通报"

    @property
    def subtitle(self):
        monday, sunday = self.week.monday, self.week.sunday
        return f"{self.week.label}（{monday.month}月{monday.day}日—{sunday.month}月{sunday.day}日）"

    @property
    def issued_on(self):
        """The day the week was locked, or today while it is open."""
        lock = self.county_week.lock
        return localdate(lock.locked_at) if self.county_week.is_locked else self.county.business_today()

    @cached_property
    def sections(self):
        """[Section] that fit one page: lists name fewer where the words are long."""
        for named in range(MOST_NAMED, 0, -1):
            sections = self._sections(named)
            if sum(section.lines for section in sections) <= MOST_LINES:
                break
        return sections

    @property
    def line_spacing(self):
        """In points, on paper and in the file."""
        lines = OTHER_LINES + sum(section.lines for section in self.sections)
        return max(TIGHTEST, min(WIDEST, PAGE_POINTS // lines))

    def _sections(self, named):
        return [
            Section("一、总体情况", (Piece(self._headline()),)),
            Section("二、本周进展", tuple(self._moves(named))),
            Section("三、报送情况", tuple(self._reporting(named + 1))),
            Section("四、停滞项目", tuple(self._standstill(named))),
            Section("五、问题办理", tuple(self._problem_words(named))),
        ]

    def _headline(self):
        counts = self.counts
        rate = figures.share(counts["reported"], counts["due"])
        return (
            f"列入{self.week.year}年计划的重大项目{len(self.in_plan)}个，年度计划投资{figures.yi(self.planned)}亿元；"
            f"年度累计完成投资{figures.yi(self.ytd)}亿元，投资完成率{figures.share(self.ytd, self.planned)}"
            f"（{figures.yi(self.ytd)}÷{figures.yi(self.planned)}）。本周完成投资{figures.wan(self.week_money)}万元。"
            f"应报{counts['due']}个，已报{counts['reported']}个，报送率{rate}"
            f"（{counts['reported']}÷{counts['due']}），其中迟报{counts['late']}个；未报{counts['missing']}个。"
        )

    def _moves(self, named):
        if not self.money_moves and not self.works_moves:
            yield Piece("本周没有项目报送投资或工程量的进展。")
        if self.money_moves:
            yield Piece("完成投资较多的：")
            yield from _listed(self.money_moves[:named], lambda entry: f"（{figures.wan(entry.week_money)}万元）")
            yield Piece("。")
        if self.works_moves:
            yield Piece("工程量提高较多的：")
            yield from _listed(self.works_moves[:named], _step_words)
            yield Piece("。")

    def _reporting(self, named):
        late, missing = self.units_by("late"), self.units_by("missing")
        yield from _units("迟报", late, named)
        yield from _units("未报", missing, named)
        if not late and not missing:
            yield Piece("应报项目全部按时报送。")

    def _standstill(self, named):
        if self.stuck:
            yield Piece(f"连续三周投资和工程量没有变化的{len(self.stuck)}个：")
            yield from _listed(self.stuck[:named])
            yield Piece("等。" if len(self.stuck) > named else "。")
        if self.returned:
            yield Piece(f"退回后尚未重报的{len(self.returned)}个：")
            yield from _joined([Piece(name, project=project) for project, name in self.returned[:named]])
            yield Piece("等。" if len(self.returned) > named else "。")
        if not self.stuck and not self.returned:
            yield Piece("本周没有连续三周无变化的项目，也没有退回未重报的项目。")

    def _problem_words(self, named):
        problems = self.problems
        yield Piece(
            f"本周新增问题{len(problems.new)}个，销号{len(problems.closed)}个，逾期未办结{len(problems.overdue)}个"
        )
        by_project = Counter((problem.project_id, problem.project.name) for problem in problems.overdue)
        if by_project:
            yield Piece("：")
            pieces = [
                Piece(f"{name}（{count}个）", project=project)
                for (project, name), count in by_project.most_common(named)
            ]
            yield from _joined(pieces)
            yield Piece("等" if len(by_project) > named else "")
        yield Piece("。")


def _was_overdue(problem, day):
    """At the end of `day`: raised, past its deadline, and not closed out yet."""
    is_open = problem.closed_on is None or problem.closed_on > day
    return is_open and problem.raised_on <= day and problem.deadline < day


def _step_words(entry):
    return f"（提高{_plain(entry.works_step)}个百分点，达到{_plain(entry.works)}%）"


def _plain(value):
    return f"{value.normalize():f}"


def _listed(entries, words=lambda entry: ""):
    return _joined([Piece(f"{entry.name}{words(entry)}", project=entry.row.project) for entry in entries])


def _units(verb, units, named):
    if not units:
        return
    yield Piece(f"{verb}的单位{len(units)}个：")
    yield from _joined([Piece(f"{unit.name}（{count}个）", unit=unit.token) for unit, count in units[:named]])
    yield Piece("等。" if len(units) > named else "。")


def _joined(pieces):
    for number, piece in enumerate(pieces):
        if number:
            yield Piece("、")
        yield piece
