"""A card as a form: money both ways, texts as they are, orders of buttons."""

from decimal import Decimal

import pytest

from portfolio.cards import bare_cards
from portfolio.forms.dispatch import Order, ReportForm
from portfolio.weeks import Week
from tests import factories

pytestmark = pytest.mark.django_db
WEEK = Week(2024, 22)


@pytest.fixture
def plan(county):
    factories.clock(2024, 5, 31, 10)
    plan = factories.plan_under_way()
    factories.report(plan, 21, ytd_investment=Decimal(100), works_percent=Decimal(30))
    return plan


def form_of(plan, **values):
    card = bare_cards([plan], WEEK)[0]
    data = {f"p{plan.pk}-{name}": value for name, value in {"version": 0, **values}.items()}
    form = ReportForm(data, card=card)
    form.is_valid()
    return form


@pytest.mark.parametrize(("week", "fits"), [("999999999899.99", True), ("999999999900", False)])
def test_a_week_may_not_take_the_year_beyond_twelve_digits(plan, week, fits):
    form = form_of(plan, week_investment=week)

    told = form.errors.get("week_investment", [])
    assert told == ([] if fits else ["本周 999,999,999,900 万元会使年度累计超过 12 位整数，请核对单位。"])


@pytest.mark.parametrize(
    ("week", "ytd", "kept"),
    [
        ("20", "", "120"),
        ("", "120", "120"),
        ("20", "120", "120"),
        ("２０．５", "", "120.5"),
        ("1,000", "", "1100"),
        ("", "", None),
    ],
)
def test_money_may_be_given_for_the_week_or_for_the_year(plan, week, ytd, kept):
    form = form_of(plan, week_investment=week, ytd_investment=ytd)

    assert form.values()["ytd_investment"] == (None if kept is None else Decimal(kept))


def test_money_that_contradicts_itself_names_both_figures_and_keeps_neither(plan):
    form = form_of(plan, week_investment="20", ytd_investment="130", progress="主体封顶")

    assert form.errors == {
        "week_investment": ["本周 20 加上期累计 100 是 120 万元，与年度累计 130 万元对不上，请改其中一个。"]
    }
    assert form.values() == {"progress": "主体封顶", "no_change": ""}


@pytest.mark.parametrize(("week", "ytd", "kept"), [("30", "120", "130"), ("20", "140", "140")])
def test_of_two_stored_figures_the_changed_one_counts(plan, week, ytd, kept):
    factories.report(plan, 22, state="draft", ytd_investment=Decimal(120), row_version=1)

    assert form_of(plan, week_investment=week, ytd_investment=ytd).values()["ytd_investment"] == Decimal(kept)


def test_a_week_may_take_back_what_was_reported_too_much(plan):
    assert form_of(plan, week_investment="-100").values()["ytd_investment"] == 0


def test_a_week_may_not_take_back_more_than_there_is(plan):
    form = form_of(plan, week_investment="-100.01")

    assert form.errors == {"week_investment": ["本周 -100.01 万元会使年度累计小于 0，请核对。"]}


@pytest.mark.parametrize("percent", ["0", "100", "105.5", "999"])
def test_works_above_a_hundred_are_kept_and_only_warned_of(plan, percent):
    assert form_of(plan, works_percent=percent).values()["works_percent"] == Decimal(percent)


@pytest.mark.parametrize(
    ("percent", "message"),
    [
        ("-1", "工程量不能小于 0。"),
        ("1000", "工程量不能大于 999，请填百分数，如 35。"),
        ("三成", "“工程量%”不是数字：三成。请改为 120 或 120.50 这样的数值。"),
    ],
)
def test_works_that_make_no_percentage_are_explained(plan, percent, message):
    assert form_of(plan, works_percent=percent).errors == {"works_percent": [message]}


def test_what_was_not_sent_is_not_touched(plan):
    assert form_of(plan, progress="主体封顶").values() == {"progress": "主体封顶", "no_change": ""}


def test_line_ends_of_a_browser_are_those_of_the_database(plan):
    assert form_of(plan, next_plan="封顶\r\n砌墙").values() == {"next_plan": "封顶\n砌墙"}


def test_endless_text_is_refused_quickly(plan):
    form = form_of(plan, progress="啊" * 100_000)

    assert form.errors.keys() == {"progress"}
    assert "progress" not in form.values()


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("save", Order("save")),
        ("submit_all", Order("submit_all")),
        ("submit:12", Order("submit", 12)),
        ("withdraw:12:3", Order("withdraw", 12, version=3)),
        ("no_change:12:funds", Order("no_change", 12, reason="funds")),
        ("delete_photo:12:5", Order("delete_photo", 12, photo=5)),
    ],
)
def test_order_is_read_from_its_button(text, order):
    assert Order.read(text) == order


@pytest.mark.parametrize(
    "text", ["", "drop", "submit", "submit:x", "submit:²", "no_change:1:fun", "save:1", "withdraw:1"]
)
def test_what_no_button_says_is_no_order(text):
    with pytest.raises(ValueError, match=r"^"):
        Order.read(text)
