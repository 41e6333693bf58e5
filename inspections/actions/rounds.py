"""Organising a quarterly inspection (季观摩): the round, its scoring sheet, judges and route; opening and closing it.

Each is one transaction and one change set, by the project office (Round.DoesNotExist for anybody else). All of it goes
by the version of the round: whoever comes with an older one gets `changes.StaleRow`. `Refused` says in Chinese why
not; the same `form_key` again writes nothing.
"""

import copy
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from accounts.roles import Right, has_right
from inspections import rounds
from inspections.models import Criterion, Judge, Round, Stop
from inspections.models.rounds import RoundState
from portfolio import history
from portfolio.actions import changes, form_keys
from portfolio.models import AnnualPlan, ChangeSet

MOST_STOPS = 60
FIXED_WHEN_OPEN = ("year", "quarter", "drops_extremes")
CLOSED = "这次观摩已经结束，不能再改。结束有误的，请先重新开放。"


class Refused(Exception):
    """The step can't be taken; `errors` is {field or row it is about, or None for the whole: why}."""

    def __init__(self, errors):
        self.errors = errors if isinstance(errors, dict) else {None: errors}
        super().__init__("".join(self.errors.values()))


@dataclass(frozen=True)
class Leg:
    """A stop as the route is to have it; a `plan` that is on the route already keeps its scores and findings."""

    plan: AnnualPlan
    look_at: str = ""
    presenter: str = ""
    visited_on: object = None  # a day, or None until it has been seen


# The round


def create(*, by, values, form_key=None):
    """A round in preparation. `values` of year, quarter, title, starts_on, ends_on, words, drops_extremes.

    It is scored as the county's last round was, until its criteria are set.
    """
    rows = Round.objects.run_by(by)
    return form_keys.once(lambda: _create(by, values, form_key), rows, by=by, form_key=form_key, step="create")


def _create(by, values, form_key):
    if not has_right(by, Right.RUN_ROUNDS):
        raise Round.DoesNotExist
    changes.take_turn(by.county_id)
    row = _checked(Round(county=by.county, **values))
    lines = rounds.lines_for_next(by.county)
    change_set = begin(by, row, "筹备观摩", form_key, "create")
    row = changes.create(change_set, [row])[0]
    _store_criteria(row, lines)
    return row


def edit(*, by, round_, version, values, form_key=None):
    """Its words and days, until it is closed; year, quarter and how scores count only until it is opened."""

    def write(row):
        before = copy.copy(row)
        for name, value in values.items():
            setattr(row, name, value)
        _checked(row)
        _refuse_late_changes(before, row)
        # The year is no field whose changes history tells.
        year = [f"年度 {before.year} → {row.year}"] if before.year != row.year else []
        told = [*year, *map(str, history.differences(Round, before, row))]
        return Write(f"修改{'；'.join(told)}", fields=values) if told else None

    return take("edit", write, by, round_, version, form_key)


def _checked(row):
    row.title, row.words = row.title.strip(), row.words.strip()
    try:
        row.clean_fields(exclude=["county"])
    except ValidationError as error:
        raise Refused({name: messages[0] for name, messages in error.message_dict.items()}) from None
    if row.ends_on < row.starts_on:
        raise Refused({"ends_on": f"结束日期不能早于开始日期 {row.starts_on}，请改正。"})
    longest = row._meta.get_field("words").max_length
    if len(row.words) > longest:
        raise Refused({"words": f"“观摩安排”有 {len(row.words)} 字，超过 {longest} 字，请缩短。"})
    return row


def _refuse_late_changes(before, row):
    changed = [name for name in FIXED_WHEN_OPEN if getattr(before, name) != getattr(row, name)]
    if changed and row.state != RoundState.PLANNED:
        raise Refused(dict.fromkeys(changed, "观摩开始后不能再改这一项。"))
    if "year" in changed and row.stops.exists():
        raise Refused({"year": f"路线上已有 {before.year} 年的项目，请先移除观摩点再改年度。"})


# Scoring sheet and judges


def set_criteria(*, by, round_, version, lines, form_key=None):
    """The whole sheet anew, as `rounds.Line`s in their order; only until the round is opened."""
    lines = tuple(lines)

    def write(row):
        if row.state != RoundState.PLANNED:
            raise Refused("观摩开始后不能再改评分标准，以免前后评分不一致。")
        _refuse_bad_sheet(lines)
        if rounds.lines_of(row.criteria.all()) == lines:
            return None

        def store(change_set):
            row.criteria.all().delete()
            _store_criteria(row, lines)

        return Write("修改评分标准：" + "、".join(f"{line.name} {line.weight} 分" for line in lines), store)

    return take("set_criteria", write, by, round_, version, form_key)


def _refuse_bad_sheet(lines):
    """Errors name the line by its number from 1."""
    errors, seen = {}, {}
    for number, line in enumerate(lines, 1):
        if line.name in seen:
            errors[number] = f"“{line.name}”与第 {seen[line.name]} 项重名，请改名或删去。"
        elif not 1 <= line.weight <= rounds.FULL:
            errors[number] = f"“{line.name}”的满分应在 1 到 {rounds.FULL} 分之间。"
        seen.setdefault(line.name, number)
    total = sum(line.weight for line in lines)
    if not 1 <= len(lines) <= rounds.MOST_CRITERIA:
        errors[None] = f"评分项应有 1 到 {rounds.MOST_CRITERIA} 项，现在是 {len(lines)} 项，请增减后再保存。"
    elif total != rounds.FULL:
        errors[None] = f"各项满分合计 {total} 分，应为 {rounds.FULL} 分，请调整后再保存。"
    if errors:
        raise Refused(errors)


def _store_criteria(row, lines):
    Criterion.objects.bulk_create(
        Criterion(round=row, seq=seq, name=line.name, weight=line.weight, hint=line.hint)
        for seq, line in enumerate(lines, 1)
    )


def set_judges(*, by, round_, version, users, form_key=None):
    """Who judges, all of them; who has scored already can't be left out."""
    chosen = {user.pk for user in users}

    def write(row):
        present = {judge.user_id: judge for judge in row.judges.select_related("user")}
        gone = [judge for pk, judge in present.items() if pk not in chosen]
        if held := [str(judge) for judge in gone if judge.sheets.exists()]:
            raise Refused(f"{'、'.join(held)}已经评过分，不能从评委中移除。")
        new = list(rounds.accounts_to_judge(row.county).filter(pk__in=chosen - present.keys()).order_by("pk"))
        if len(new) < len(chosen - present.keys()):
            raise Refused("所选的账号中有不能担任评委的，请刷新后重新选择。")

        def store(change_set):
            Judge.objects.filter(pk__in=[judge.pk for judge in gone]).delete()
            Judge.objects.bulk_create(Judge(round=row, user=user) for user in new)

        told = [*(f"增加{user}" for user in new), *(f"移除{judge}" for judge in gone)]
        return Write(f"评委{'、'.join(told)}", store) if told else None

    return take("set_judges", write, by, round_, version, form_key)


# The route


def set_route(*, by, round_, version, legs, form_key=None):
    """The whole route as `Leg`s in their order: what is not among them is taken off, what is new is added."""

    def write(row):
        stops = {stop.plan_id: stop for stop in row.stops.select_related("plan__project")}
        before = {plan: copy.copy(stop) for plan, stop in stops.items()}
        _refuse_bad_route(row, legs, stops)
        gone = [stop for plan, stop in stops.items() if plan not in {leg.plan.pk for leg in legs}]
        refuse_losses(gone)
        route = [_stop(row, seq, leg, stops.get(leg.plan.pk)) for seq, leg in enumerate(legs, 1)]
        new = [stop for stop in route if stop.pk is None]
        changed = [stop for stop in route if stop.pk and history.changed_fields(Stop, before[stop.plan_id], stop)]

        def store(change_set):
            changes.delete(change_set, Stop.objects.filter(pk__in=[stop.pk for stop in gone]))
            changes.update(change_set, changed, ["seq", "look_at", "presenter", "visited_on"])
            changes.create(change_set, new)

        return Write(_told_of_route(len(route), new, gone), store) if gone or new or changed else None

    return take("set_route", write, by, round_, version, form_key)


def _refuse_bad_route(row, legs, stops):
    if len(legs) > MOST_STOPS:
        raise Refused(f"一轮观摩最多 {MOST_STOPS} 个点，现在是 {len(legs)} 个，请移除一些。")
    plans = [leg.plan.pk for leg in legs]
    if len(set(plans)) < len(plans):
        raise Refused("同一个项目在路线上出现了两次，请移除一个。")
    added = set(plans) - stops.keys()
    if rounds.plans_to_visit(row).filter(pk__in=added).count() < len(added):
        raise Refused("所选的项目中有不在本年度计划内的，请重新查找后加入。")


def refuse_losses(gone):
    """A stop at which something was found or scored stays on the route."""
    for stop in gone:
        held = {"评分": stop.sheets, "发现": stop.findings, "照片": stop.photos, "交办事项": stop.matters}
        if told := [label for label, rows in held.items() if rows.exists()]:
            raise Refused(f"观摩点“{stop.plan.project}”已有{'、'.join(told)}，不能从路线中移除。")


def _stop(row, seq, leg, stop):
    """The stored stop with what the leg says, or a new one."""
    stop = stop or Stop(round=row, plan=leg.plan)
    stop.seq, stop.look_at, stop.presenter = seq, leg.look_at.strip(), leg.presenter.strip()
    stop.visited_on = leg.visited_on
    for name in ("look_at", "presenter"):
        field = Stop._meta.get_field(name)
        if len(getattr(stop, name)) > field.max_length:
            raise Refused(f"第 {seq} 个观摩点的“{field.verbose_name}”超过 {field.max_length} 字，请缩短。")
    return stop


def _told_of_route(number, new, gone):
    told = [*(f"加入{stop.plan.project}" for stop in new), *(f"移除{stop.plan.project}" for stop in gone)]
    return f"路线 {number} 个点{'，' if told else ''}{'、'.join(told)}"


# Opening and closing


def open_(*, by, round_, version, form_key=None):
    """Let the judges score."""

    def write(row):
        if row.state != RoundState.PLANNED:
            raise Refused("这次观摩已经开始。")
        if lacking := rounds.why_not_opened(row):
            raise Refused("".join(lacking))
        row.state = RoundState.OPEN
        return Write("开始观摩评分", fields=["state"])

    return take("open", write, by, round_, version, form_key)


def close(*, by, round_, version, accepts_missing=False, form_key=None):
    """End it: no more scores, edits or findings, unless it is opened again (`round_recalls`). Every stop needs a score.

    A judge may have left some out; then the office says that it knows (`accepts_missing`).
    """

    def write(row):
        if row.state != RoundState.OPEN:
            raise Refused("这次观摩还没有开始，不能结束。")
        _refuse_open_ends(rounds.results(row), accepts_missing)
        row.state, row.closed_at = RoundState.CLOSED, row.county.business_now()
        return Write("结束观摩，公布结果", fields=["state", "closed_at"])

    return take("close", write, by, round_, version, form_key)


def _refuse_open_ends(result, accepts_missing):
    if result.unscored:
        names = "、".join(f"“{stop.plan.project}”" for stop in result.unscored)
        raise Refused(
            f"还有 {len(result.unscored)} 个观摩点没有任何评分：{names}。请评委补评，没有去的请从路线中移除。"
        )
    if result.waiting and not accepts_missing:
        names = "、".join(f"{judge}（{len(stops)} 个点）" for judge, stops in result.waiting)
        raise Refused({"accepts_missing": f"还有评委没有评完：{names}。请催评；不再等的，请勾选后再结束。"})


# What every step does


@dataclass(frozen=True)
class Write:
    """What a step is to write: its sentence, what it stores beside the round, and the round's own fields."""

    summary: str
    store: object = lambda change_set: None
    fields: object = ()


def take(step, write, by, round_, version, form_key, *, of_closed=False):
    """Lock the round, let `write(row)` say what is to be written (None: nothing), and write it.

    `step` is the name of what is done: a key that was spent on another step raises `changes.KeySpent`. A closed round
    is refused, unless the step is one `of_closed`.
    """

    def locked_write():
        return _locked_write(step, write, by, round_, version, form_key, of_closed)

    rows = Round.objects.run_by(by)
    return form_keys.once(locked_write, rows, by=by, form_key=form_key, step=step, id=round_.pk)


def _locked_write(step, write, by, round_, version, form_key, of_closed):
    changes.take_turn(by.county_id)
    row = changes.lock_current(Round.objects.run_by(by).select_related("county"), round_.pk, version)
    if row.state == RoundState.CLOSED and not of_closed:
        raise Refused(CLOSED)
    todo = write(row)
    if todo is None:
        return row
    change_set = begin(by, row, todo.summary, form_key, step)
    changes.update(change_set, [row], todo.fields)
    todo.store(change_set)
    return row


def begin(by, row, summary, form_key, step):
    told, kind = f"{row}：{summary}", ChangeSet.Kind.INSPECTION
    return changes.begin(kind, county=row.county, by=by, summary=told, form_key=form_key, step=step)
