"""What must hold of factors, funds and requests in the demo county; read from the county that a test has seeded."""

import datetime as dt
from collections import Counter, defaultdict

from accounts.models import County
from portfolio import factors, funds, services
from portfolio.models import AnnualPlan
from portfolio.models.permits import FactorNeed, FundFlow, FundSource, ServiceRequest
from portfolio.money import exact_sum

MONTHS = (dt.date(2024, 1, 31), dt.date(2024, 2, 29), dt.date(2024, 3, 29), dt.date(2024, 4, 30), dt.date(2024, 5, 31))
FACTORS = {"met": 616, "gap": 112, "overdue": 17}
REQUESTS = {"answered": 38, "late": 8, "taken": 6, "overdue": 2}
COUNTS = [745, 528, 2150, 54]


def assert_needs_are_told_and_fit():
    county = County.objects.get()
    today = county.business_today()
    plans = AnnualPlan.objects.counted().filter(county=county, year=2024, project__stage__in=["building", "planned"])
    projects = [plan.project for plan in plans.select_related("project")]
    assert_everybody_needs_and_gets(projects, county, today)
    for day in MONTHS:
        assert_money_comes_before_it_goes(funds.of_county(county, 2024, day))
    assert_gaps_have_who_and_when(factors.of_county(county, 2024, today))
    assert_requests_of_the_spring(services.of_county(county, 2024, today))


def assert_everybody_needs_and_gets(projects, county, today):
    """But for the projects of the report, of which nothing of the kind is told."""
    told = {project.pk for project in projects if project.is_generated}
    assert (len(projects), len(told)) == (202, 199)
    needing = set(FactorNeed.objects.values_list("project", flat=True))
    planned = defaultdict(list)
    for row in funds.of_county(county, 2024, today):
        planned[row.project.pk].append(row.planned)
    assert (needing, set(planned)) == (told, told)
    total = {project.pk: project.total_investment for project in projects if project.is_generated}
    assert {pk: exact_sum(amounts) for pk, amounts in planned.items()} == total


def assert_money_comes_before_it_goes(rows):
    wrong = [str(row.row) for row in rows if not 0 <= row.paid <= row.arrived <= row.planned]
    assert wrong == []


def assert_gaps_have_who_and_when(rows):
    gaps = [row for row in rows if row.gap]
    assert [str(row.row) for row in gaps if row.row.unit is None or row.row.due_on is None] == []
    assert Counter(row.state.value for row in rows) == FACTORS
    assert {row.row.factor for row in gaps} == set(factors.Factor)


def assert_requests_of_the_spring(rows):
    assert Counter(row.state.value for row in rows) == REQUESTS
    assert {row.row.phase for row in rows} == set(services.ServicePhase)
    needs = (FactorNeed, FundSource, FundFlow, ServiceRequest)
    assert [model.objects.count() for model in needs] == COUNTS
