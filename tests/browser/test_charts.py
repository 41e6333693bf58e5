"""A chart in a real browser, under the pages' own Content-Security-Policy."""

import datetime as dt
import re

import pytest
from django.http import HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import path
from playwright.sync_api import expect

from portfolio.charts import theme
from portfolio.charts.base import Chart, ChartTable
from portfolio.models import AnnualPlan, Milestone
from qinyuan_projects.urls import urlpatterns as pages
from tests import factories
from tests.browser.conftest import axe_violations, overflow

PAGE = engines["django"].from_string(
    """{% extends "base.html" %}
    {% block scripts %}{% include "portfolio/charts/_scripts.html" %}{% endblock scripts %}
    {% block page_title %}图{% endblock page_title %}
    {% block content %}
      {% for chart in charts %}{% include "portfolio/charts/_chart.html" %}{% endfor %}
      <button type="button" hx-get="/chart-on-trial/more/" hx-target="#more">再看一张</button><div id="more"></div>
    {% endblock content %}"""
)

FAR_BELOW = engines["django"].from_string(
    """{% extends "base.html" %}
    {% block scripts %}{% include "portfolio/charts/_scripts.html" %}{% endblock scripts %}
    {% block actions %}{% include "includes/_print_button.html" %}{% endblock actions %}
    {% block content %}
      {% for line in lines %}<p>一行</p>{% endfor %}
      {% include "portfolio/charts/_chart.html" %}
    {% endblock content %}"""
)


def chart(key):
    towns, addresses = ["沁河镇", "郭道镇"], ["/accounts/password/", "https://example.com/"]
    bars = {"type": "bar", "x": towns, "y": [3, 5], "customdata": addresses}
    table = ChartTable(["乡镇", "项目"], [[("沁河镇", "/accounts/password/"), 3], ["郭道镇", 5]])
    return Chart(key, f"各乡镇项目 {key}", "项目个数。", theme.figure([bars]), table)


def trial(request):
    return HttpResponse(PAGE.render({"charts": [chart("first"), chart("second")]}, request))


def far_below(request):
    return HttpResponse(FAR_BELOW.render({"chart": chart("low"), "lines": range(100)}, request))


def more(request):
    return render(request, "portfolio/charts/_chart.html", {"chart": chart("late")})


urlpatterns = [
    path("chart-on-trial/", trial),
    path("chart-on-trial/more/", more),
    path("chart-far-below/", far_below),
    *pages,
]
pytestmark = pytest.mark.urls(__name__)


def bars_of(page, key):
    return page.locator(f"#chart-{key} .barlayer .point")


@pytest.fixture
def page(page_as):
    page = page_as("office")
    page.goto("/chart-on-trial/")
    return page


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_a_chart_is_drawn_in_its_frame_and_its_table_folds(page, width):
    page.set_viewport_size({"width": width, "height": 900})

    expect(bars_of(page, "first")).to_have_count(2)
    expect(page.locator("#chart-first tbody tr").first).to_be_hidden()
    assert page.locator(".modebar-container .modebar").count() == 0
    assert overflow(page) == 0
    assert axe_violations(page) == []


def test_a_chart_follows_the_width_of_its_window(page):
    expect(bars_of(page, "first")).to_have_count(2)

    page.set_viewport_size({"width": 390, "height": 844})

    expect(page.locator("#chart-first .main-svg").first).to_have_attribute("width", "356")


def test_a_click_on_a_point_opens_its_rows(page):
    bars_of(page, "first").first.click(force=True)

    expect(page).to_have_url(re.compile("/accounts/password/$"))


def test_a_click_never_leaves_the_site(page):
    bars_of(page, "first").last.click(force=True)

    expect(page.locator("#chart-first h2")).to_be_visible()
    assert page.url.endswith("/chart-on-trial/")


def test_a_chart_that_comes_later_is_drawn_too(page):
    page.get_by_role("button", name="再看一张").click()

    page.locator("#chart-late").scroll_into_view_if_needed()
    expect(bars_of(page, "late")).to_have_count(2)


def test_without_scripts_the_table_stands_open(page_as, new_context, base_url):
    signed_in = page_as("office")
    context = new_context(java_script_enabled=False, storage_state=signed_in.context.storage_state())
    page = context.new_page()
    page.goto(f"{base_url}/chart-on-trial/")

    expect(page.locator("#chart-first tbody th")).to_have_text(["沁河镇", "郭道镇"])
    expect(page.locator("#chart-first .chart-plot")).to_be_hidden()


def test_paper_gets_every_chart_in_its_own_width(page):
    page.set_viewport_size({"width": 1440, "height": 300})
    expect(bars_of(page, "first")).to_have_count(2)

    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")

    for key in ("first", "second"):
        expect(page.locator(f"#chart-{key} .main-svg").first).to_have_attribute("width", "690")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator("#chart-first .main-svg").first).to_have_attribute("width", "1390")


@pytest.fixture
def far_page(page_as):
    """A page whose chart nobody has scrolled to, so that nothing has been fetched for it."""
    page = page_as("office")
    page.add_init_script("window.print = () => { document.body.dataset.printedWith = typeof window.Plotly; }")
    page.goto("/chart-far-below/")
    expect(page.locator("#chart-low[data-ready]")).to_have_count(1)
    return page


def test_the_print_button_fetches_first_what_draws_the_charts(far_page):
    far_page.get_by_role("button", name="打印").click()

    expect(far_page.locator("body")).to_have_attribute("data-printed-with", "object")


def test_printed_before_anything_was_fetched_the_figures_stand_for_the_drawing(far_page):
    far_page.emulate_media(media="print")

    far_page.evaluate("window.dispatchEvent(new Event('beforeprint'))")

    expect(far_page.locator("#chart-low tbody th")).to_have_text(["沁河镇", "郭道镇"])
    expect(far_page.locator("#chart-low tbody th").first).to_be_visible()
    expect(far_page.locator("#chart-low .chart-plot")).to_be_hidden()
    far_page.emulate_media(media="screen")
    far_page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(far_page.locator("#chart-low tbody th").first).to_be_hidden()


# The page of curves


@pytest.fixture
def progress(page_as, county):
    factories.clock(2024, 5, 31, 10)
    for number in range(3):
        plan = factories.plan_under_way(project__category="industrial")
        for week in range(1, 22 + (number == 0)):
            factories.report(plan, week, ytd_investment=week * 20)
        AnnualPlan.objects.filter(pk=plan.pk).update(ytd_investment=440 if number == 0 else 420, reported_week=21)
    return page_as("office")


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_curves_and_groups_fit_and_read_well(progress, width):
    progress.set_viewport_size({"width": width, "height": 900})
    progress.goto("/progress/?by=unit")

    expect(progress.locator("#chart-curve .scatterlayer .trace")).to_have_count(3)
    progress.locator("#chart-groups-unit-1").scroll_into_view_if_needed()
    expect(bars_of(progress, "groups-unit-1")).to_have_count(3)
    assert overflow(progress) == 0
    assert axe_violations(progress) == []


def test_a_bar_leads_to_the_rows_of_its_group(progress):
    progress.goto("/progress/?by=category")
    bars_of(progress, "groups-category-1").first.click(force=True)

    progress.wait_for_url("**/projects/?year=2024&category=industrial")
    expect(progress.locator("tr[data-plan]")).to_have_count(3)


def test_the_table_of_a_curve_opens_by_keyboard(progress):
    progress.goto("/progress/")
    summary = progress.locator("#chart-curve summary")
    summary.focus()
    progress.keyboard.press("Enter")

    expect(progress.locator("#chart-curve tbody tr").last).to_contain_text("12月底")


# The Gantt and the map of reporting


@pytest.fixture
def milestones(page_as, county):
    """A plan with milestones of every standing, so that the legend is as long as it gets."""
    factories.clock(2024, 5, 31, 10)
    plan = factories.plan_under_way()
    for away, late in ((-9, 0), (-8, 3), (-7, None), (3, None), (70, None)):
        due = dt.date(2024, 5, 31) + dt.timedelta(days=away)
        done_on = None if late is None else due + dt.timedelta(days=late)
        Milestone.objects.create(
            county=county, plan=plan, name=f"节点{away}", due=due, original_due=due, done_on=done_on
        )
    page = page_as("office")
    page.goto(f"/progress/gantt/?project={plan.project_id}")
    return page


def box(page, selector):
    return page.locator(f"#chart-gantt {selector}").first.bounding_box()


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_the_legend_of_a_gantt_never_covers_its_rows(milestones, width):
    milestones.set_viewport_size({"width": width, "height": 900})
    expect(milestones.locator("#chart-gantt .legend .traces")).to_have_count(8)

    legend, rows, plot = box(milestones, ".legend"), box(milestones, ".bglayer .bg"), box(milestones, ".main-svg")

    assert legend["y"] + legend["height"] <= rows["y"] + 1
    assert legend["x"] + legend["width"] <= plot["x"] + plot["width"]
    assert rows["height"] > 5 * 15
    assert overflow(milestones) == 0


@pytest.fixture
def reporting(page_as, county):
    factories.clock(2024, 5, 31, 10)
    unit = factories.unit("水利局")
    for place in range(3):
        plan = factories.plan_under_way(unit)
        for week in range(1, 22 - place):
            factories.report(plan, week, is_late=place == 1)
    return page_as("office")


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_the_map_of_reporting_fits_and_reads_well(reporting, width):
    reporting.set_viewport_size({"width": width, "height": 900})
    reporting.goto("/progress/reporting/")

    reporting.locator("#chart-reporting-map-1").scroll_into_view_if_needed()
    expect(reporting.locator("#chart-reporting-map-1 .scatterlayer text")).to_have_count(22)
    assert overflow(reporting) == 0
    assert axe_violations(reporting) == []


def test_a_square_opens_its_units_week(reporting):
    reporting.goto("/progress/reporting/?weeks=8")
    reporting.locator("#chart-reporting-map-1").scroll_into_view_if_needed()
    bars_of(reporting, "reporting-map-1").first.click(force=True)

    reporting.wait_for_url("**/dispatch/2024/*/?unit=*&show=due#rows")
    expect(reporting.locator("#rows")).to_contain_text("水利局")
