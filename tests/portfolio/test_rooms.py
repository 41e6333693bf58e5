"""The pages of a room lead to each other, for each role to those that are its own, within the week shown."""

import re

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def room(client, path):
    """[(label, address)] of the room's pages, the current one's label in brackets."""
    html = client.get(path).content.decode()
    nav = re.search(r'<nav class="room d-print-none"[^>]*>(.*?)</nav>', html, re.S)
    links = re.findall(r'<a href="([^"]+)"( aria-current="\w+")?>([^<]+)</a>', nav[1]) if nav else []
    return [(f"[{label}]" if current else label, address) for address, current, label in links]


def places(client, path="/"):
    """{label: address} of the top bar."""
    nav = re.search(r'<nav class="places".*?</nav>', client.get(path).content.decode(), re.S)[0]
    return {label: address for address, label in re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', nav)}


def client_of(client, role, **fields):
    client.force_login(factories.user(role, **fields))
    return client


def test_office_goes_between_the_faces_of_a_past_week(office_client):
    factories.clock(2024, 5, 31, 10, 0)

    assert room(office_client, "/dispatch/2024/20/") == [
        ("[全县情况]", "/dispatch/2024/20/"),
        ("代单位填报", "/dispatch/?week=2024-W20"),
        ("表格填报", "/dispatch/sheet/2024/20/"),
        ("各周", "/dispatch/weeks/?year=2024"),
        ("数据质量", "/dispatch/quality/?year=2024"),
    ]


def test_reporter_s_own_entry_stands_first(client):
    factories.clock(2024, 5, 31, 10, 0)
    client_of(client, "reporter", unit=factories.unit())

    assert [label for label, _ in room(client, "/dispatch/?week=2024-W21")] == [
        "[本单位填报]",
        "表格填报",
        "全县情况",
        "各周",
    ]
    assert room(client, "/dispatch/?week=2024-W21")[1][1] == "/dispatch/sheet/2024/21/"


def test_who_reports_nothing_finds_no_entry(client):
    factories.clock(2024, 5, 31, 10, 0)
    client_of(client, "auditor")

    assert [label for label, _ in room(client, "/dispatch/weeks/")] == ["全县情况", "[各周]"]


@pytest.mark.parametrize(
    ("role", "labels"), [("office", ["[计划表]", "计划调整", "最近改动"]), ("auditor", ["[计划表]", "计划调整"])]
)
def test_changes_are_offered_to_who_may_take_them_back(client, role, labels):
    client_of(client, role)

    assert [label for label, _ in room(client, "/projects/")] == labels


def test_pages_of_a_past_day_stay_in_it(office_client):
    factories.clock(2024, 5, 31, 10, 0)
    factories.plan()

    addresses = [address for _, address in room(office_client, "/six-ones/?as_of=2024-05-12")]

    assert addresses == [
        "/six-ones/?as_of=2024-05-12",
        "/leaders/?as_of=2024-05-12",
        "/schedule/?as_of=2024-05-12",
        "/schedule/paused/?as_of=2024-05-12",
    ]


def test_page_of_one_leader_marks_the_leaders(office_client):
    leader = factories.leader()

    labels = [label for label, _ in room(office_client, f"/leaders/{leader.pk}/")]

    assert labels == ["六个一", "[包联领导]", "工期计划", "停缓建"]


def test_weekly_dispatch_is_the_county_s_week_for_the_office_and_the_own_entry_for_a_reporter(client):
    factories.clock(2024, 5, 31, 10, 0)

    assert places(client_of(client, "office"))["周调度"] == "/dispatch/2024/22/"
    assert places(client_of(client, "reporter", unit=factories.unit()))["周调度"] == "/dispatch/"


def test_leader_s_own_page_is_a_place_of_its_own(client):
    boss = factories.user("leader")
    own, other = factories.leader(user=boss), factories.leader()
    client.force_login(boss)

    for leader, current in ((own, "我包联的"), (other, "六个一")):
        nav = re.search(r'<nav class="places".*?</nav>', client.get(f"/leaders/{leader.pk}/").content.decode(), re.S)[0]
        assert re.findall(r'aria-current="page">([^<]+)', nav) == [current]
