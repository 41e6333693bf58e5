"""Setting a look's questions: a new version, never a changed one; what is refused, twice, and keys that stay."""

import datetime as dt
import uuid

import pytest

from accounts.models import AuditEntry
from inspections import checklists
from inspections.actions import checklists as actions
from inspections.checklists import DEFAULTS, Question
from inspections.models import Checklist, Look
from tests import factories
from tests.inspections import factories as looks

pytestmark = pytest.mark.django_db
TODAY = dt.date(2024, 5, 20)
OLD = (Question("safety", "安全是否到位"), Question("quality", "质量是否合格"))


@pytest.fixture
def county():
    return factories.clock(2024, 5, 20, 12)


@pytest.fixture
def office(county):
    return factories.user("office")


def set_checklist(by, questions, since=TODAY, **more):
    values = {"look": "progress", "words": "常务会议要求", "form_key": uuid.uuid4(), **more}
    return actions.set_checklist(by=by, county=by.county, questions=tuple(questions), since=since, **values)


def test_the_default_is_followed_by_version_one(office):
    row = set_checklist(office, [*DEFAULTS[Look.PROGRESS], Question("", "有无欠薪")])

    assert (row.version, row.look, row.made_by) == (1, "progress", office)
    assert list(row.items.values_list("key", flat=True))[-1] == "q1"
    assert AuditEntry.objects.get().summary == "看进展清单第 1 版，自 2024-05-20 起执行：常务会议要求（增加“有无欠薪”）"


def test_a_new_version_leaves_the_old_one_as_it_was(office):
    first = looks.checklist(questions=OLD)

    second = set_checklist(office, [Question("quality", "质量是否全部合格")])

    assert (second.version, list(first.items.values_list("question", flat=True))) == (
        2,
        ["安全是否到位", "质量是否合格"],
    )
    before, now = (checklists.Questions.of(row) for row in (first, second))
    assert checklists.differences(before, now) == ["删去“安全是否到位”", "修改“质量是否全部合格”"]


def test_the_list_in_force_is_that_of_the_day(office, county):
    looks.checklist(questions=OLD)
    set_checklist(office, OLD[:1], since=dt.date(2024, 5, 21))

    versions = [checklists.in_force(county, "progress", day).version for day in (TODAY, dt.date(2024, 5, 21))]

    assert versions == [1, 2]


def test_a_key_that_was_ever_used_is_given_to_no_other_question(office):
    looks.checklist(questions=[Question("q1", "旧问题")])
    looks.checklist(questions=OLD, version=2)

    row = set_checklist(office, [*OLD, Question("", "新问题")])

    assert row.items.get(question="新问题").key == "q2"


def test_another_order_is_a_change(office):
    looks.checklist(questions=OLD)

    row = set_checklist(office, OLD[::-1])

    assert list(row.items.values_list("key", "seq")) == [("quality", 1), ("safety", 2)]


def test_the_same_form_makes_one_version(office):
    key = uuid.uuid4()

    made = [set_checklist(office, OLD, form_key=key) for _ in range(2)]

    assert (made[1], list(Checklist.objects.all())) == (None, [made[0]])


@pytest.mark.parametrize(
    ("questions", "since", "errors"),
    [
        (OLD, TODAY, {None: "各项都与上一版（第 1 版（自 2024-01-01 起））相同，没有保存。请修改要调整的项再保存。"}),
        ((), TODAY, {None: "清单应有 1 到 20 项，现在是 0 项，请增减后再保存。"}),
        ((OLD[0], Question("", "安全是否到位")), TODAY, {None: "有两项检查内容完全相同，请删去一项或改写。"}),
        (OLD[:1], dt.date(2024, 5, 19), {"since": "新版不能追溯执行，请填写 2024-05-20 或以后的日期。"}),
    ],
)
def test_what_can_not_follow_is_refused_and_says_why(office, questions, since, errors):
    looks.checklist(questions=OLD)

    with pytest.raises(actions.Refused) as refused:
        set_checklist(office, questions, since)

    assert (refused.value.errors, Checklist.objects.count()) == (errors, 1)


def test_a_version_does_not_start_before_the_one_it_follows(office):
    looks.checklist(questions=OLD, since=dt.date(2024, 6, 1))

    with pytest.raises(actions.Refused) as refused:
        set_checklist(office, OLD[:1], dt.date(2024, 5, 31))

    assert refused.value.errors == {"since": "第 1 版自 2024-06-01 起执行，请填写这一天或以后的日期。"}
