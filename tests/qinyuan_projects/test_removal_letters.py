"""Taking the demo out again: its letters go first, in whatever chain; those to the county's own projects stay."""

import pytest

from inspections.actions import letters
from inspections.models import Letter, LetterEvent
from portfolio.models import ChangeSet
from qinyuan_projects.demo import removal
from tests import factories
from tests.inspections import letter_factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def friday(db):
    return factories.clock(2024, 5, 31, 10)


def test_letters_of_the_demo_leave_nothing():
    office, unit = factories.user("office", is_demo=True), factories.unit(is_demo=True)
    plan = make.red_plan(unit, project__is_demo=True)
    make.risen(office, make.issued(office, plan))
    problem = make.late_problem(plan.project)
    letters.draft(by=office, what="problem", row=problem)

    removal.remove()

    left = [Letter, Letter.history.model, LetterEvent, ChangeSet]
    assert {model.__name__ for model in left if model.objects.exists()} == set()


def test_letters_about_other_projects_stay():
    office = factories.user("office")
    kept = make.issued(office, make.red_plan(factories.unit()))
    make.issued(office, make.red_plan(factories.unit(is_demo=True), "大桥", project__is_demo=True))

    removal.remove()

    assert (Letter.objects.get(), kept.events.count()) == (kept, 2)


def test_a_demo_unit_that_a_letter_went_to_is_named():
    office, unit = factories.user("office"), factories.unit("演示水利局", is_demo=True)
    make.issued(office, make.red_plan(factories.unit()))
    letter = Letter.objects.get()
    Letter.objects.filter(pk=letter.pk).update(unit=unit)

    with pytest.raises(
        removal.CannotRemove, match="发给演示水利局的“沁重项提〔2024〕1号 关于河道治理未按期开工的提醒函”"
    ):
        removal.remove()
