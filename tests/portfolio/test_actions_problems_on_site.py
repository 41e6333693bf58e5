"""Problems raised by what found them on site (`raise_within`): with measure and deadline at once."""

import datetime as dt

import pytest
from django.db import transaction

from portfolio.actions import changes
from portfolio.actions import problems as actions
from portfolio.models import ChangeSet, Problem
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = dt.date(2024, 5, 20)


@pytest.fixture
def county():
    return factories.clock(2024, 5, 20, 12)


@pytest.fixture
def project(county):
    return factories.project("河道治理", unit=factories.unit("水利局"))


def raise_on_site(by, project, **values):
    usual = {"text": "没有施工许可", "kind": "permit", "measure": "补办", "deadline": dt.date(2024, 5, 27)}
    with transaction.atomic():
        change_set = changes.begin(ChangeSet.Kind.INSPECTION, county=project.county, by=by, summary="督导")
        return actions.raise_within(change_set, project, **usual | values)


def test_what_an_inspector_finds_waits_for_the_office(project):
    inspector = factories.user("inspector")

    problem = raise_on_site(inspector, project)

    kept = Problem.objects.get()
    assert (kept, kept.source, kept.state, kept.unit, kept.raised_by) == (
        problem,
        "site",
        "raised",
        project.unit,
        inspector,
    )
    assert (kept.text, kept.measure, kept.kind) == ("没有施工许可", "补办", "permit")
    assert (kept.raised_on, kept.deadline, kept.original_deadline) == (TODAY, dt.date(2024, 5, 27), kept.deadline)
    assert list(kept.events.values_list("kind", flat=True)) == ["raised"]


def test_what_the_office_finds_is_assigned_at_once(project):
    kept = raise_on_site(factories.user("office"), project)

    assert (kept.state, kept.assigned_on) == ("assigned", TODAY)
    assert list(kept.events.values_list("kind", "text")) == [
        ("raised", "没有施工许可"),
        ("assigned", "责任单位：水利局；类型：手续；措施：补办"),
    ]


def test_what_nobody_answers_for_is_not_assigned(county):
    kept = raise_on_site(factories.user("office"), factories.project())

    assert (kept.state, kept.assigned_on, kept.unit) == ("raised", None, None)


def test_another_unit_may_be_named(project):
    other = factories.unit("自然资源局")

    assert raise_on_site(factories.user("office"), project, unit=other).unit == other


@pytest.mark.parametrize(("days", "is_complex"), [(7, False), (8, True)])
def test_more_than_seven_days_is_a_complex_problem(project, days, is_complex):
    problem = raise_on_site(factories.user("inspector"), project, deadline=TODAY + dt.timedelta(days=days))

    assert problem.is_complex is is_complex


@pytest.mark.parametrize("days", [-1, 366])
def test_a_deadline_out_of_reach_is_refused(project, days):
    with pytest.raises(actions.Refused) as refused:
        raise_on_site(factories.user("inspector"), project, deadline=TODAY + dt.timedelta(days=days))

    assert str(refused.value) == "整改时限应在 2024-05-20 到 2025-05-20 之间，请改填这之间的日期。"
    assert not Problem.objects.exists()


@pytest.mark.parametrize(("missing", "what"), [("text", "问题"), ("measure", "整改措施")])
def test_a_problem_without_words_or_measure_is_refused(project, missing, what):
    with pytest.raises(actions.Refused) as refused:
        raise_on_site(factories.user("inspector"), project, **{missing: " "})

    assert str(refused.value) == f"请写明{what}。"


def test_a_unit_of_another_county_is_refused(project):
    other = factories.unit(county=factories.county("140423", "襄垣县"))

    with pytest.raises(actions.Refused):
        raise_on_site(factories.user("office"), project, unit=other)
