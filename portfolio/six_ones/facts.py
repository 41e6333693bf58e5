"""What the rule of the six ones looks at, read for a whole year of a county in a fixed number of queries."""

from collections import Counter, defaultdict
from decimal import Decimal

from django.core.cache import cache
from django.db.models import Count, Q

from portfolio.as_of import end_of_day, reading
from portfolio.models import AnnualPlan, Milestone, MonthlyTarget, Pause, Problem, WorkTeam
from portfolio.models.register import LocationKind
from portfolio.six_ones.rules import Facts, Nodes, Post, Team, six_ones

_PLAN = (
    "pk",
    "project_id",
    "project__name",
    "project__category",
    "project__stage",
    "project__unit_id",
    "project__unit__name",
    "project__town_id",
    "project__address",
    "project__location_kind",
    "project__content",
    "project__total_investment",
    "planned_investment",
    "annual_target",
    "reported_week",
    "leader_id",
    "leader__name",
    "leader__post",
    "leader__is_active",
    "deputy_leader_id",
    "deputy_leader__name",
    "deputy_leader__post",
    "deputy_leader__is_active",
)


def of_year(county, year, as_of=None):
    """{plan pk: SixOnes} of all plans of a year, as they stand now or stood at the end of the past day `as_of`.

    Kept by data version: everything it reads moves that. Whether a leader is in office is known for today only.
    """
    today = as_of or county.business_today()
    key = f"six-ones:{county.pk}:{county.data_version}:{year}:{as_of}:{today}"
    return cache.get_or_set(key, lambda: _judged(county, {"year": year}, as_of, today))


def of_plan(plan):
    """The SixOnes of one plan as they stand now."""
    return _judged(plan.county, {"pk": plan.pk}, None, plan.county.business_today())[plan.pk]


def _judged(county, condition, as_of, today):
    with reading(county, as_of):
        return {facts.plan: six_ones(facts, today) for facts in _read(county, condition, as_of, today)}


def _read(county, condition, as_of, today):
    """`condition` chooses among the county's plans by their own fields."""
    plans = AnnualPlan.objects.filter(county=county, **condition)
    of_plans = {"county": county, **{f"plan__{name}": value for name, value in condition.items()}}
    teams, nodes, months = _teams(of_plans, as_of), _nodes(of_plans), _months(of_plans)
    paused = _paused(of_plans, as_of)
    problems, overdue = _problems(county, plans, today)
    for row in plans.values(*_PLAN, "year"):
        pk, project = row["pk"], row["project_id"]
        yield Facts(
            **_of_row(row),
            team=teams.get(pk),
            nodes=nodes.get(pk, Nodes()),
            months=months.get(pk),
            open_problems=problems[project],
            overdue_problems=overdue[project],
            is_paused=pk in paused,
        )


def _of_row(row):
    return {
        "plan": row["pk"],
        "project": row["project_id"],
        "year": row["year"],
        "name": row["project__name"],
        "category": row["project__category"],
        "stage": row["project__stage"],
        "unit": row["project__unit_id"],
        "unit_name": row["project__unit__name"] or "",
        "has_place": bool(row["project__town_id"] or row["project__address"].strip())
        or row["project__location_kind"] == LocationKind.WHOLE_COUNTY,
        "content": row["project__content"],
        "total_investment": row["project__total_investment"],
        "planned_investment": row["planned_investment"],
        "annual_target": row["annual_target"],
        "reported_week": row["reported_week"],
        "leader": _post(row, "leader"),
        "deputy": _post(row, "deputy_leader"),
    }


def _post(row, name):
    if row[f"{name}_id"] is None:
        return None
    return Post(row[f"{name}__name"], row[f"{name}__post"], row[f"{name}__is_active"])


def _teams(of_plans, as_of):
    teams = WorkTeam.objects.filter(**of_plans)
    teams = teams.current() if as_of is None else teams.at(end_of_day(as_of))
    units = defaultdict(list)
    for team, name in teams.filter(member_units__isnull=False).values_list("pk", "member_units__name"):
        units[team].append(name)
    rows = teams.values_list("pk", "plan_id", "head", "on_site")
    return {plan: Team(pk, head, tuple(sorted(units[pk])), on_site) for pk, plan, head, on_site in rows}


def _nodes(of_plans):
    rows = Milestone.objects.filter(**of_plans).order_by().values_list("plan_id")
    counted = rows.annotate(
        Count("pk"),
        Count("done_on"),
        starts=Count("pk", filter=Q(kind=Milestone.Kind.START)),
        finishes=Count("pk", filter=Q(kind=Milestone.Kind.FINISH)),
    )
    return {plan: Nodes(*numbers) for plan, *numbers in counted}


def _months(of_plans):
    """Added up here: a database without exact decimals would be cents off."""
    sums = {}
    for plan, amount in MonthlyTarget.objects.filter(**of_plans).order_by().values_list("plan_id", "amount"):
        sums[plan] = sums.get(plan, Decimal(0)) + amount
    return sums


def _paused(of_plans, as_of):
    pauses = Pause.objects.filter(**of_plans)
    if as_of is None:
        standing = pauses.standing()
    else:
        standing = pauses.filter(Q(resumed_on__isnull=True) | Q(resumed_on__gt=as_of), paused_on__lte=as_of)
    return set(standing.values_list("plan_id", flat=True))


def _problems(county, plans, today):
    """(open problems, overdue ones) by project."""
    rows = Problem.objects.filter(county=county, project__in=plans.values("project")).open().order_by()
    found, overdue = Counter(), Counter()
    for project, deadline in rows.values_list("project_id", "deadline"):
        found[project] += 1
        overdue[project] += deadline < today
    return found, overdue
