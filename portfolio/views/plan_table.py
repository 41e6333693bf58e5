"""The plan table (计划表)."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render


@login_required
def plan_table(request):
    return render(request, "portfolio/plan_table.html", {"nav": "plan"})
