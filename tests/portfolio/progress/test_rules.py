import datetime as dt
from decimal import Decimal

import pytest

from portfolio import progress
from tests import factories

pytestmark = pytest.mark.django_db


def test_without_a_version_the_defaults_hold():
    assert progress.rules_on(factories.county(), dt.date(2024, 5, 31)) == progress.DEFAULTS


@pytest.mark.parametrize(("day", "version"), [(dt.date(2024, 4, 30), 1), (dt.date(2024, 5, 1), 2)])
def test_a_version_holds_from_its_day_on(day, version):
    factories.light_rule(1, dt.date(2024, 1, 1))
    factories.light_rule(2, dt.date(2024, 5, 1), yellow_points=Decimal(5))

    found = progress.rules_on(factories.county(), day)

    assert (found.version, found.yellow_points) == (version, 10 if version == 1 else 5)


def test_of_two_versions_of_a_day_the_later_holds():
    factories.light_rule(1, dt.date(2024, 5, 1))
    factories.light_rule(2, dt.date(2024, 5, 1))

    assert progress.rules_on(factories.county(), dt.date(2024, 5, 1)).version == 2


def test_another_county_has_its_own_rules():
    factories.light_rule(1, dt.date(2024, 1, 1))

    assert progress.rules_on(factories.county("140430", "沁县"), dt.date(2024, 5, 31)).version == 0
