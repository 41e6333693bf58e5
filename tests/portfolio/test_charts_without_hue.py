"""Whoever sees no hue reads every chart: series are told apart by a name and by dash, marker, pattern or lightness."""

import datetime as dt
from itertools import combinations

import pytest
from django.utils import timezone

from portfolio.actions import register
from portfolio.charts import theme
from portfolio.models import AnnualPlan, Milestone, Project, WeekLight
from portfolio.progress import Bucket, Light
from tests import factories

pytestmark = pytest.mark.django_db

ENOUGH = 1.5  # between two fills without pattern: contrast of their lightness, as WCAG reckons it
PAGES = [
    "/progress/",
    "/progress/?by=unit",
    "/progress/lights/",
    "/progress/gantt/",
    "/progress/gantt/?leader={leader}",
    "/progress/plan-changes/",
    "/progress/reporting/",
    "/progress/forecast/",
    "/projects/{project}/",
]


def lightness(colour):
    """Relative luminance of #rrggbb."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    dark, pale = sorted((lightness(one), lightness(other)))
    return (pale + 0.05) / (dark + 0.05)


def look(trace):
    """All that tells a trace apart but its colour."""
    marker, line = trace.get("marker", {}), trace.get("line", {})
    lines = line.get("dash", "solid") if "lines" in trace.get("mode", "lines") else None
    symbol = marker.get("symbol", "circle") if "markers" in trace.get("mode", "") else None
    return trace["type"], lines, symbol, marker.get("pattern", {}).get("shape", ""), trace.get("fill")


def too_alike(chart):
    """["甲 / 乙"] of named series that only their hue tells apart."""
    named = [trace for trace in chart.data["data"] if trace.get("name")]
    return [
        f"{one['name']} / {other['name']}"
        for one, other in combinations(named, 2)
        if one["name"] != other["name"] and look(one) == look(other) and not are_apart_by_lightness(one, other)
    ]


def are_apart_by_lightness(one, other):
    fills = [trace.get("marker", {}).get("color", "") for trace in (one, other)]
    return all(fill.startswith("#") for fill in fills) and contrast(*fills) >= ENOUGH


def charts_of(response):
    found = [response.context.get(name) for name in ("chart", "investment_curve")]
    return [chart for chart in [*found, *(response.context.get("charts") or [])] if chart and chart.figure]


@pytest.fixture
def asked(county, office):
    """A county that shows a bit of everything: lights that turned, milestones, reports of every kind, a moved plan."""
    factories.clock(2024, 5, 31, 10)
    leader = factories.leader()
    plans = [factories.plan_under_way(leader=leader, project__registration="done") for _ in range(5)]
    for place, plan in enumerate(plans):
        for week in range(15, 22 if place < 3 else 18):
            factories.report(plan, week, ytd_investment=week * 20, is_late=place == 1)
    _turn_lights(plans[:4])
    _lay_out_milestones(plans[0])
    _change_the_plan(office, plans[4])
    return {"leader": leader.pk, "project": plans[0].project_id}


def _turn_lights(plans):
    """From green to red and yellow, from red to yellow and green."""
    then = (Bucket.GREEN, Bucket.GREEN, Bucket.RED, Bucket.RED)
    for place, (plan, bucket) in enumerate(zip(plans, then, strict=True), 1):
        AnnualPlan.objects.filter(pk=plan.pk).update(ytd_investment=100 * place, reported_week=21)
        WeekLight.objects.create(
            county=plan.county, plan=plan, year=2024, week=20, bucket=bucket, reason="", rule_version=0
        )


def _lay_out_milestones(plan):
    """One of each standing."""
    for away, late in ((-9, 0), (-8, 3), (-7, None), (3, None), (70, None)):
        due = dt.date(2024, 5, 31) + dt.timedelta(days=away)
        done_on = None if late is None else due + dt.timedelta(days=late)
        Milestone.objects.create(
            county=plan.county, plan=plan, name=f"节点{away}", due=due, original_due=due, done_on=done_on
        )


def _change_the_plan(office, plan):
    january = timezone.make_aware(dt.datetime(2024, 1, 5))
    for model in (AnnualPlan, Project):
        model.history.update(history_date=january)
    factories.plan_under_way(state="added", state_reason="资金到位")
    plan.refresh_from_db()
    register.set_plan_state(by=office, plan=plan, state="removed", reason="用地", version=plan.row_version)


@pytest.mark.parametrize("path", PAGES)
def test_the_series_of_every_chart_are_apart_without_their_hue(office_client, asked, path):
    charts = charts_of(office_client.get(path.format(**asked)))

    assert charts
    assert {chart.title: too_alike(chart) for chart in charts} == {chart.title: [] for chart in charts}


@pytest.mark.parametrize("path", PAGES)
def test_what_a_legend_lists_has_a_name(office_client, asked, path):
    listed = [
        trace
        for chart in charts_of(office_client.get(path.format(**asked)))
        for trace in chart.data["data"]
        if trace.get("showlegend", True)
    ]

    assert [trace for trace in listed if not trace.get("name")] == []


def test_two_series_that_differ_by_hue_alone_are_found():
    """Red and green of one lightness: what this file is for."""
    bars = [
        {"type": "bar", "name": name, "marker": {"color": colour}}
        for name, colour in (("甲", "#cc0000"), ("乙", "#007a00"))
    ]
    dashed = [{"type": "scatter", "name": name, "mode": "lines", "line": {"color": "#cc0000"}} for name in "丙丁"]

    class Drawn:
        data = {"data": [*bars, *dashed]}

    assert too_alike(Drawn) == ["甲 / 乙", "丙 / 丁"]


def test_each_light_has_a_shape_a_word_and_a_pattern_of_its_own():
    for told in (
        {light.shape for light in Light},
        {light.label for light in Light},
        {theme.light_marker(light)["pattern"]["shape"] for light in Light},
    ):
        assert len(told) == len(Light)


def test_a_move_for_the_better_or_worse_says_so_in_words(office_client, asked):
    page = office_client.get("/progress/lights/?since=2024-W20")

    moves = [move for move in page.context["history"].moves.values() if move.style]
    assert moves
    assert {move.style for move in moves} <= {"state-good", "state-bad"}
    for move in moves:
        assert f"<small>{move.turn}</small> {move.count}</a>" in page.content.decode()
