"""The plan table's page: what it shows to whom, as a page, as a fragment, on paper and unchanged."""

import datetime as dt
import re
from decimal import Decimal

import pytest

from accounts.models import County
from portfolio.actions import changes
from portfolio.models import ChangeSet
from tests import factories

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def two_projects(county):
    town = factories.town()
    unit = factories.unit("水利局")
    sewage = factories.plan(
        seq=2,
        project__name="县城污水处理厂扩容改造工程",
        project__category="infrastructure",
        project__town=town,
        project__unit=unit,
        project__total_investment=Decimal("10000.10"),
        planned_investment=Decimal("3000.05"),
    )
    solar = factories.plan(
        seq=1,
        project__name="光伏发电项目",
        project__category="industrial",
        project__total_investment=Decimal("20000.20"),
        planned_investment=Decimal("5000"),
    )
    return sewage, solar


def names(response):
    return re.findall(r'<a href="/projects/\d+/\?year=\d+">([^<]+)</a>', response.content.decode())


def lede(response):
    text = re.search(r'<p class="lede">(.*?)</p>', response.content.decode(), re.S)[1]
    return re.sub(r"<[^>]+>|\s+", "", text)


def test_plan_table_shows_rows_under_their_categories_with_sums(office_client, two_projects):
    response = office_client.get("/projects/?year=2024")

    assert names(response) == ["光伏发电项目", "县城污水处理厂扩容改造工程"]
    assert lede(response) == "2个项目，总投资3.00亿元，年度计划投资0.80亿元。"
    rows = re.findall(r'<tr class="(?:total|subtotal)">(.*?)</tr>', response.content.decode(), re.S)
    cells = [[c for c in re.findall(r"<td[^>]*>([^<]*)</td>", row) if c] for row in rows]
    assert cells == [
        ["合计（2 个）", "30,000.30", "8,000.05"],
        ["一", "产业类（1 个）", "20,000.20", "5,000"],
        ["二", "基础设施及社会民生类（1 个）", "10,000.10", "3,000.05"],
    ]


def test_plan_table_totals_follow_the_filter(office_client, two_projects):
    response = office_client.get("/projects/?year=2024&town=140431100")

    assert names(response) == ["县城污水处理厂扩容改造工程"]
    assert lede(response) == "筛选出1个项目（全年2个），总投资1.00亿元，年度计划投资0.30亿元。"


def test_plan_table_answers_htmx_with_the_results_and_the_counts_only(office_client, two_projects):
    response = office_client.get("/projects/?category=industrial", headers=HTMX)

    html = response.content.decode()
    assert "<html" not in html
    assert names(response) == ["光伏发电项目"]
    assert re.findall(r'id="([\w-]+)" hx-swap-oob="true"', html)[:3] == [
        "plan-head",
        "facet-light",
        "facet-mark-light",
    ]


def test_plan_table_prints_all_rows_without_pages_or_filters(office_client, two_projects):
    response = office_client.get("/projects/?per_page=all&print=1&category=industrial")

    html = response.content.decode()
    assert names(response) == ["光伏发电项目"]
    assert "筛选：类别：产业类" in html
    assert 'id="plan-filter"' not in html
    assert 'type="checkbox"' not in html


def test_plan_table_offers_editing_to_the_office_and_own_rows_to_a_reporter(client, two_projects):
    sewage, _ = two_projects
    reporter = factories.user("reporter", unit=sewage.project.unit)

    client.force_login(reporter)
    html = client.get("/projects/").content.decode()

    assert re.findall(r'<tr data-plan="(\d+)" class="own">', html) == [str(sewage.pk)]
    assert 'data-editable="own"' in html
    assert 'name="plan"' not in html
    client.force_login(factories.user("leader"))
    assert "data-editable" not in client.get("/projects/").content.decode()


def test_plan_table_shows_names_as_text_never_as_markup(office_client, county):
    factories.plan(project__name="<script>alert(1)</script>", progress="<img src=x onerror=alert(2)>" * 2)

    html = office_client.get("/projects/?year=2024&q=alert").content.decode()

    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_plan_table_sends_visitors_to_the_sign_in_page(client, two_projects):
    response = client.get("/projects/")

    assert (response.status_code, response.url) == (302, "/accounts/login/?next=/projects/")


def test_plan_table_hides_the_rows_of_other_counties(client, two_projects):
    other = factories.county("140429", "武乡县")
    client.force_login(factories.user("office", county=other))

    assert names(client.get("/projects/?year=2024")) == []


def test_plan_table_says_what_to_do_when_nothing_matches(office_client, two_projects):
    html = office_client.get("/projects/?q=没有这个").content.decode()

    assert "没有符合条件的项目。" in html
    assert "清除全部条件" in html


def test_plan_table_of_a_new_county_leads_to_the_import(office_client, county):
    assert "导入计划表" in office_client.get("/projects/").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "sort=project__county__users__password",
        "sort=-evil",
        "page=99999999999999",
        "year=abc",
        "year=９９",
        "per_page=-1",
        "total_min=1e999",
        "cols=evil,name",
        "pin=999",
        "since=2024-13-45",
        "group=password",
        "town=%27%20OR%201=1",
        "leader=abc",
        "unit=1%29%3B",
        "changed=99999999999",
    ],
)
def test_plan_table_ignores_what_it_does_not_know(office_client, two_projects, query):
    assert office_client.get(f"/projects/?{query}").status_code == 200


def test_what_others_have_just_written_is_offered_to_nobody_else(office_client, two_projects):
    other = factories.user("office")
    change_set = changes.begin(ChangeSet.Kind.DISPATCH, county=other.county, by=other, summary="退回周调度：数字不实")

    html = office_client.get(f"/projects/?changed={change_set.pk}").content.decode()

    assert "数字不实" not in html


@pytest.mark.parametrize("query", ["", "&q=项目&total_max=99&town=-", "&sort=-total_investment", "&per_page=all"])
@pytest.mark.parametrize("rows", [1, 40])
def test_plan_table_needs_five_queries_cold_and_two_warm(office_client, county, django_assert_num_queries, rows, query):
    for number in range(rows):
        factories.plan(project__name=f"项目{number}", project__total_investment=1, project__unit=factories.unit())
    office_client.get("/projects/?year=2023")  # this account's layout is known from here on
    county.move_data_version()

    with django_assert_num_queries(5):
        office_client.get(f"/projects/?year=2024{query}")
    with django_assert_num_queries(2):
        office_client.get(f"/projects/?year=2024{query}")


def test_known_rules_of_the_county_cost_no_further_query(office_client, county, django_assert_num_queries):
    factories.plan()
    factories.light_rule(1, dt.date(2024, 1, 1))
    office_client.get("/projects/?year=2024")
    county.move_data_version()

    with django_assert_num_queries(5):
        office_client.get("/projects/?year=2024")


def test_a_new_version_of_the_rules_changes_the_lights_on_its_day_without_a_write(office_client, county):
    behind = {"planned_investment": 100, "ytd_investment": 36}  # 5.7 points behind the calendar
    factories.plan(project__name="桥", project__stage="building", **behind)
    factories.light_rule(1, dt.date(2024, 6, 1), yellow_points=Decimal(5))

    found = []
    for day in [(2024, 5, 31), (2024, 6, 1)]:
        factories.clock(*day)
        found.append(names(office_client.get("/projects/?year=2024&light=yellow")))

    assert found == [[], ["桥"]]


@pytest.mark.parametrize("query", ["", "&print=1"])
def test_a_light_is_a_shape_a_word_and_a_colour_with_its_reason(office_client, county, query):
    factories.clock(2024, 5, 31)
    factories.plan(project__stage="building", planned_investment=100, ytd_investment=1)

    html = office_client.get(f"/projects/?year=2024{query}").content.decode()

    assert re.findall(r'<span class="light light-(\w+)" title="([^"]*)">([^<]*)</span>', html) == [
        ("red", "红：投资完成 1.0%，落后序时（41.7%）40.7 个百分点", "■ 红灯")
    ]


def test_unchanged_plan_table_answers_304_until_something_is_written(office_client, two_projects):
    tag = office_client.get("/projects/?year=2024")["ETag"]

    again = office_client.get("/projects/?year=2024", headers={"If-None-Match": tag})
    other_query = office_client.get("/projects/?year=2024&q=gf", headers={"If-None-Match": tag})
    County.objects.get().move_data_version()
    after_write = office_client.get("/projects/?year=2024", headers={"If-None-Match": tag})

    assert [again.status_code, other_query.status_code, after_write.status_code] == [304, 200, 200]


def test_page_of_one_account_is_never_answered_304_to_another(client, two_projects):
    client.force_login(factories.user("office"))
    tag = client.get("/projects/?year=2024")["ETag"]
    client.force_login(factories.user("leader"))

    assert client.get("/projects/?year=2024", headers={"If-None-Match": tag}).status_code == 200


def test_sub_items_stand_under_their_parent_and_do_not_count(office_client, county):
    parent = factories.plan(seq=1, project__name="水资源数据中心项目", project__total_investment=Decimal("100"))
    factories.plan(seq=1, part_of=parent, project__name="一期", project__total_investment=Decimal("60"))
    factories.plan(seq=2, part_of=parent, project__name="二期", project__total_investment=Decimal("40"))

    response = office_client.get("/projects/?year=2024")

    assert names(response) == ["水资源数据中心项目", "一期", "二期"]
    assert lede(response).startswith("1个项目，总投资0.01亿元")


def test_sub_items_that_left_the_plan_stand_nowhere(office_client, county):
    parent = factories.plan(seq=1, project__name="水资源数据中心项目")
    factories.plan(part_of=parent, project__name="三期", state="removed", state_reason="暂缓")

    assert names(office_client.get("/projects/?year=2024")) == ["水资源数据中心项目"]


def test_sums_without_any_figure_are_a_dash_never_nought(office_client, county):
    factories.plan(project__name="谋划项目", project__total_investment=Decimal("5"))

    html = office_client.get("/projects/?year=2024&cols=name,total_investment,planned_investment,invested_before")

    (total,) = re.findall(r'<tr class="total">(.*?)</tr>', html.content.decode())
    assert re.findall(r"<td[^>]*>([^<]*)</td>", total) == ["", "合计（1 个）", "5", "—", "—"]


def test_rows_that_left_the_plan_show_only_when_asked_for(office_client, county):
    factories.plan(project__name="在列项目")
    factories.plan(project__name="调出项目", state="removed", state_reason="用地未落实")

    assert names(office_client.get("/projects/?year=2024")) == ["在列项目"]
    assert names(office_client.get("/projects/?year=2024&state=removed")) == ["调出项目"]
