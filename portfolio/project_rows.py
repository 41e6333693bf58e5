"""What hangs on a project in rows of its own (factors, funds, services, outcomes), for one project or a county."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db import models

from portfolio.models import AnnualPlan, Project


@dataclass(frozen=True)
class ProjectRow:
    """`row` of `project` as it stands on `day`; `plan` is None on the project's own page."""

    project: Project
    row: models.Model | None
    day: dt.date
    plan: AnnualPlan | None = None


def of_counted_plans(rows, county, year):
    """[(plan, [rows of its project])] of the counted plans, in the order of the plan table; two queries."""
    plans = AnnualPlan.objects.counted().filter(county=county, year=year).order_by("seq", "pk")
    plans = list(plans.select_related("project__unit"))
    of_project = defaultdict(list)
    for row in rows.filter(project__in=[plan.project_id for plan in plans]).order_by("pk"):
        of_project[row.project_id].append(row)
    return [(plan, of_project[plan.project_id]) for plan in plans]
