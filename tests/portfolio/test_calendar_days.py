"""Local working days: read by all, kept by the office, and the deadlines that move with them."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from portfolio import reporting
from portfolio.models import CalendarDay
from portfolio.weeks import Week
from tests import factories

pytestmark = pytest.mark.django_db

ADDRESS = "/base-data/calendar/"
FRIDAY = dt.date(2024, 5, 31)


@pytest.fixture
def county(db):
    return factories.clock(2024, 5, 30, 10)


def add(client, day="2024-05-31", kind="off", note="县里统一停工"):
    return client.post(ADDRESS, {"day": day, "is_working": kind, "note": note})


def due(county):
    return timezone.localtime(reporting.due_at(county, Week(2024, 22))).strftime("%m-%d %H:%M")


def test_a_day_off_moves_the_deadline_and_its_deletion_moves_it_back(office_client, county):
    before = due(county)
    add(office_client)
    moved = due(county)

    office_client.post(f"{ADDRESS}{CalendarDay.objects.get().pk}/delete/")

    assert (before, moved, due(county)) == ("05-31 12:00", "06-03 12:00", "05-31 12:00")
    assert list(AuditEntry.objects.filter(action="修改资料").order_by("pk").values_list("summary", flat=True)) == [
        "新增工作日调整：2024-05-31 放假，县里统一停工",
        "删除工作日调整：2024-05-31 放假，县里统一停工",
    ]


def test_a_day_worked_takes_a_holidays_deadline_back(office_client, county):
    add(office_client)

    add(office_client, "2024-06-01", "on", "周六补班")

    assert due(county) == "06-01 12:00"


def test_the_same_day_twice_is_refused_in_words(office_client, county):
    add(office_client)

    response = add(office_client)

    assert response.status_code == 400
    assert response.context["form"].errors == {"day": ["2024-05-31 已经有调整，请先删除原来的。"]}
    assert CalendarDay.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "kind", "message"),
    [
        ("2024-05-31", "on", "2024-05-31 按全国安排本来就上班，不需要调整。"),
        ("2024-06-10", "off", "2024-06-10 按全国安排本来就休息，不需要调整。"),
        ("1999-12-31", "off", "日期应在 2000 年到 2100 年之间，请核对年份。"),
        ("", "off", "请填写“日期”。"),
    ],
)
def test_a_day_that_changes_nothing_is_refused(office_client, county, day, kind, message):
    response = add(office_client, day, kind)

    assert (response.status_code, response.context["form"].errors["day"]) == (400, [message])
    assert CalendarDay.objects.count() == 0


def test_two_counties_keep_their_own_days(office_client, county, client):
    elsewhere = factories.county("140430", "邻县")
    foreign = CalendarDay.objects.create(county=elsewhere, day=FRIDAY, note="邻县")

    add(office_client)

    assert [day.note for day in office_client.get(ADDRESS).context["days"]] == ["县里统一停工"]
    assert office_client.post(f"{ADDRESS}{foreign.pk}/delete/").status_code == 404


def test_deleting_twice_is_not_found(office_client, county):
    add(office_client)
    address = f"{ADDRESS}{CalendarDay.objects.get().pk}/delete/"

    assert [office_client.post(address).status_code for _ in range(2)] == [302, 404]


@pytest.mark.parametrize(
    ("role", "status"), [("reporter", 404), ("leader", 404), ("inspector", 404), ("auditor", 403), ("sysadmin", 404)]
)
def test_others_read_and_do_not_write(client, county, role, status):
    day = CalendarDay.objects.create(county=county, day=FRIDAY, note="停工")
    client.force_login(factories.user(role))

    answers = [client.get(ADDRESS), add(client, "2024-06-07"), client.post(f"{ADDRESS}{day.pk}/delete/")]

    assert [answer.status_code for answer in answers] == [200, status, status]
    assert list(CalendarDay.objects.all()) == [day]


def test_the_page_names_the_years_that_are_not_published(office_client):
    factories.clock(2099, 1, 5)

    assert office_client.get(ADDRESS).context["unknown_years"] == [2099, 2100]
