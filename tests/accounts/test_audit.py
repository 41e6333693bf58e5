import csv
import datetime as dt
import io

import pytest
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client):
    auditor = factories.user("auditor", "shen")
    client.force_login(auditor)
    return auditor


def entry(action="修改项目", at=None, **fields):
    fields.setdefault("county", factories.county())
    fields.setdefault("actor_name", "项目办（wang）")
    moment = at or timezone.now()
    auto, AuditEntry._meta.get_field("at").auto_now_add = AuditEntry._meta.get_field("at").auto_now_add, False
    try:
        return AuditEntry.objects.create(action=action, at=moment, **fields)
    finally:
        AuditEntry._meta.get_field("at").auto_now_add = auto


def shown(response):
    return [found.pk for found in response.context["entries"]]


def test_the_page_shows_the_newest_first_and_reads_on_by_number(client, auditor):
    moment = timezone.now()
    made = [entry(at=moment).pk for _ in range(120)]

    first = client.get("/audit/")
    second = client.get("/audit/", {"before": shown(first)[-1]})
    third = client.get("/audit/", {"before": shown(second)[-1]})

    assert shown(first) + shown(second) + shown(third) == made[::-1]
    assert [page.context["more"] for page in (first, second, third)] == [True, True, False]


def test_the_page_costs_the_same_at_any_size(client, auditor, django_assert_num_queries):
    entry()
    with django_assert_num_queries(5):
        client.get("/audit/")
    for _ in range(60):
        entry()
    with django_assert_num_queries(5):
        client.get("/audit/")


def test_every_filter_keeps_what_it_names(client, auditor):
    wang = factories.user("office", "wang")
    old = entry(at=timezone.now() - dt.timedelta(days=40))
    refused = entry("登录失败", outcome="refused")
    by_wang = entry(actor=wang)
    about = entry(target_label="污水处理厂")

    def found(**query):
        return shown(client.get("/audit/", query))

    today = timezone.localdate()
    assert found() == [about.pk, by_wang.pk, refused.pk]
    assert found(since="", until=today - dt.timedelta(days=30)) == [old.pk]
    assert found(outcome="refused") == [refused.pk]
    assert found(actor=wang.pk) == [by_wang.pk]
    assert found(action="登录失败") == [refused.pk]
    assert found(about="污水") == [about.pk]


def test_the_last_day_counts_to_its_end_in_county_time(client, auditor):
    day = dt.date(2024, 5, 31)
    last = entry(at=dt.datetime(2024, 5, 31, 15, 59, 59, tzinfo=dt.UTC))
    entry(at=dt.datetime(2024, 5, 31, 16, 0, 0, tzinfo=dt.UTC))

    assert shown(client.get("/audit/", {"since": day, "until": day})) == [last.pk]


@pytest.mark.parametrize(
    "query", ["since=x", "since=0001-01-01", "until=9999-12-31", "actor=0", "actor=x", "action=x", "outcome=x"]
)
def test_a_faulty_filter_shows_nothing_and_says_why(client, auditor, query):
    entry()

    response = client.get(f"/audit/?{query}")

    assert (response.status_code, shown(response)) == (200, [])
    assert len(response.context["form"].errors) == 1


@pytest.mark.parametrize("before", ["x", "-1", "999999999999999999999999", "²"])
def test_a_faulty_page_number_starts_at_the_newest(client, auditor, before):
    made = entry()

    assert shown(client.get("/audit/", {"before": before})) == [made.pk]


def test_entries_of_another_county_are_not_shown(client, auditor):
    foreign = factories.county("140400", "别县")
    there = entry(county=foreign)
    here = entry()

    response = client.get("/audit/")

    assert shown(response) == [here.pk]
    assert shown(client.get("/audit/", {"before": there.pk})) == [here.pk]


def test_reading_writes_nothing_and_an_export_is_noted(client, auditor):
    client.get("/audit/")
    client.get("/audit/", {"about": "x"})
    before = AuditEntry.objects.count()

    b"".join(client.get("/audit/export/", {"about": "x"}).streaming_content)

    assert before == 0
    noted = AuditEntry.objects.get()
    assert (noted.action, noted.actor, noted.detail) == ("导出审计日志", auditor, {"筛选": "about=x"})


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_an_export_holds_no_formula(client, auditor, start):
    evil = f"{start}HYPERLINK(1)"
    entry(summary=evil, target_label=evil, actor_name=evil)

    response = client.get("/audit/export/")

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%AE%A1")
    assert [rows[2][column] for column in (2, 8, 9)] == [f"'{evil}"] * 3


def test_one_event_is_one_entry_whatever_was_typed(client):
    client.post("/accounts/login/", {"username": "a\r\n2024 登录 成功", "password": "x"})

    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["登录失败"]


def test_long_texts_are_cut_to_what_the_trail_holds(auditor):
    made = audit.record("操作", actor=auditor, summary="长" * 2000)

    assert len(made.summary) == 500
