"""手续和保障 on a project's page: permits, factors, funds and requests, what is missing first, as on the asked day."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portfolio import project_page
from portfolio.models.permits import FactorNeed, FundFlow, FundSource, ServiceRequest
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2024, 5, 31)


@pytest.fixture
def plan(office):
    factories.clock(2024, 5, 31, 10)
    return factories.plan(project__name="污水处理厂")


def need(plan, factor, needed, secured=0, **fields):
    owner = {"county": plan.county, "project": plan.project, "factor": factor, "measure": "亩"}
    return FactorNeed.objects.create(**owner, needed=Decimal(needed), secured=Decimal(secured), **fields)


def source(plan, kind, planned, arrived=0, paid=0):
    row = FundSource.objects.create(county=plan.county, project=plan.project, kind=kind, planned=Decimal(planned))
    for flow, amount in (("arrived", arrived), ("paid", paid)):
        if amount:
            FundFlow.objects.create(
                **{"county": plan.county, "source": row, "kind": flow, "day": TODAY, "amount": Decimal(amount)},
                noted_at=plan.county.business_now(),
            )
    return row


def request(plan, title, asked_on, **fields):
    return ServiceRequest.objects.create(
        county=plan.county, project=plan.project, phase="building", title=title, asked_on=asked_on, **fields
    )


def read(client, user, plan, **params):
    client.force_login(user)
    return client.get(plan.get_absolute_url(), params)


def part(response, key):
    """The words of one part of the panel."""
    html = re.search(
        rf'<section class="card-part[^"]*" id="{key}">(.*?)</section>', response.content.decode(), re.DOTALL
    )
    return " ".join(re.sub(r"<[^>]+>", " ", html[1]).split())


def test_what_is_empty_says_so_in_one_line(client, office, plan):
    page = read(client, office, plan)

    assert [part(page, key) for key in ("permits", "factors", "funds", "services")] == [
        "前期手续 还没有填写。",
        "要素保障 还没有填写。",
        "资金 还没有填写。",
        "一站式服务 没有提出过事项。",
    ]


def test_gaps_come_before_what_is_secured_the_longest_overdue_first(plan):
    need(plan, "land", 100, 100)
    need(plan, "water", 10, 4)
    need(plan, "energy", 50, 20, due_on=TODAY - dt.timedelta(days=3))

    found = project_page.needs(plan.project, TODAY)

    assert [row.row.factor for row in found["factor_gaps"]] == ["energy", "water"]
    assert [row.row.factor for row in found["factors_met"]] == ["land"]


def test_a_gap_is_told_with_who_brings_it_and_when(client, office, plan):
    need(plan, "land", 100, 60, detail="建设用地指标", unit=factories.unit("自然资源局"), due_on=dt.date(2024, 6, 30))
    need(plan, "water", "2.50", "2.50")

    told = part(read(client, office, plan), "factors")

    assert told == (
        "要素保障 ▲ 有缺口 用地（建设用地指标）需要 100 亩，已落实 60， 缺 40 。"
        " 自然资源局，应于 2024-06-30 落实 已落实：用水 2.50 亩"
    )


def test_funds_are_told_by_source_with_their_share_and_sum(client, office, plan):
    source(plan, "bond", 5000, arrived=3000, paid=2000)
    source(plan, "own", 1000, paid=500)

    told = part(read(client, office, plan), "funds")

    assert told == (
        "资金 来源（万元） 计划 到位 到位率 支付 情况"
        " 专项债 5,000 3,000 60.0% 2,000 ▲ 部分到位"
        " 企业自筹 1,000 0 0.0% 500 ▲ 超过到位 ■ 未到位"
        " 合计 6,000 3,000 50.0% 2,500"
    )


def test_a_single_source_needs_no_sum(client, office, plan):
    source(plan, "bond", 5000)

    assert "合计" not in part(read(client, office, plan), "funds")


@pytest.mark.parametrize(("answered", "more"), [(2, 0), (3, 1)])
def test_open_requests_come_first_and_three_are_shown(answered, more, plan):
    request(plan, "用电", dt.date(2024, 1, 5))
    for day in range(1, answered + 1):
        request(plan, f"备案{day}", dt.date(2024, 3, day), answered_on=dt.date(2024, 3, 20), answer="已办")

    found = project_page.needs(plan.project, TODAY)

    shown = ["用电", *[f"备案{day}" for day in range(answered, answered - 2, -1)]]
    assert ([row.row.title for row in found["service_rows"]], found["services_more"]) == (shown, more)


def test_a_request_is_told_with_what_was_promised_and_when_it_was_answered(client, office, plan):
    unit = factories.unit("审批局")
    days = {"promised_on": dt.date(2024, 4, 30), "answered_on": dt.date(2024, 5, 2)}
    request(plan, "双电源", dt.date(2024, 4, 8), unit=unit, answer="已办", **days)

    told = part(read(client, office, plan), "services")

    assert told == (
        "一站式服务 ▲ 超期办结 2 天 双电源 审批局，2024-04-08 提出，承诺 2024-04-30 办结，2024-05-02 办结（24 天）"
    )


def test_a_past_day_shows_what_was_known_then(client, office, plan):
    row = need(plan, "land", 100, 20)
    for known in (plan.project, plan, row):
        known.history.update(history_date=timezone.make_aware(dt.datetime(2024, 5, 10, 9)))
    row.secured = Decimal(90)
    row.save()

    told = [part(read(client, office, plan, as_of=day), "factors") for day in ("2024-05-20", "")]

    assert [re.search(r"缺 (\d+)", words)[1] for words in told] == ["80", "10"]


def test_many_rows_take_as_many_queries_as_few(plan):
    counts = []
    for kind, factor in (("bond", "land"), ("own", "water"), ("loan", "energy")):
        source(plan, kind, 100, arrived=10)
        need(plan, factor, 10)
        request(plan, kind, dt.date(2024, 3, 1))
        with CaptureQueriesContext(connection) as queries:
            project_page.needs(plan.project, TODAY)
        counts.append(len(queries))

    assert counts == [6, 6, 6]
