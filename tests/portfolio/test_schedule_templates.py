import datetime as dt
from decimal import Decimal

import pytest

from portfolio.models import Project
from portfolio.schedule_templates import BY_KEY, TEMPLATES, lay_out, proposed_for, spread

START, FINISH = dt.date(2024, 3, 1), dt.date(2024, 11, 30)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.key)
def test_template_is_whole(template):
    shares = [step.share for step in template.steps]

    assert sum(step.weight for step in template.steps) == 100
    assert (shares[0], shares[-1], shares) == (0, 100, sorted(shares))


def test_nodes_stand_between_start_and_finish():
    entries = lay_out("road", START, FINISH)

    assert [(entry.name, entry.kind, entry.due, entry.weight) for entry in entries] == [
        ("开工", "start", START, 5),
        ("路基完工", "node", dt.date(2024, 6, 5), 30),
        ("桥涵和防护工程完工", "node", dt.date(2024, 7, 30), 25),
        ("路面铺筑完工", "node", dt.date(2024, 10, 20), 30),
        ("交通安全设施完工", "node", dt.date(2024, 11, 16), 5),
        ("交工验收", "finish", FINISH, 5),
    ]


def test_a_schedule_of_one_day_is_laid_out_and_one_that_ends_before_it_starts_is_not():
    assert {entry.due for entry in lay_out(BY_KEY["it"], START, START)} == {START}
    with pytest.raises(ValueError, match="竣工 2024-02-29 早于开工 2024-03-01"):
        lay_out("it", START, dt.date(2024, 2, 29))


@pytest.mark.parametrize(
    ("name", "industry", "key"),
    [
        ("郭道镇80兆瓦农光互补光伏发电项目", "D4416", "power"),
        ("王陶镇至聪子峪县乡公路改造工程", "E4812", "road"),
        ("县城雨污分流管网改造工程", "E4852", "pipes"),
        ("无名项目", "P8321", "building"),
        ("无名项目", "N7610", "water"),
        ("无名项目", "", "general"),
    ],
)
def test_template_follows_the_words_then_the_industry(name, industry, key):
    assert proposed_for(Project(name=name, industry=industry)).key == key


@pytest.mark.parametrize("total", ["0", "0.01", "100", "1234567.89", "999999999999.99"])
@pytest.mark.parametrize("start_month", [1, 2, 7, 12])
def test_spread_amounts_add_up_to_the_cent(total, start_month):
    amounts = spread(Decimal(total), start_month)

    assert sum(amounts) == Decimal(total)
    assert (len(amounts), min(amounts) >= 0, set(amounts[: start_month - 1]) <= {Decimal(0)}) == (12, True, True)


def test_spring_festival_months_are_low():
    assert spread(Decimal(1100)) == [50, 50, *[100] * 10]


def test_nothing_is_spread_without_a_total():
    assert spread(None) is None
