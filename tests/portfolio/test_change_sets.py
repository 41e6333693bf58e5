"""The list of changes, and taking one back from it."""

import pytest

from portfolio.actions import changes
from portfolio.models import ChangeSet, Project
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def change_set(office):
    project = factories.project("污水处理厂", level="")
    change_set = changes.begin(ChangeSet.Kind.EDIT, county=office.county, by=office, summary="污水处理厂：级别")
    project.level = "city"
    changes.update(change_set, [project], ["level"])
    return change_set


def test_change_list_offers_undo_until_it_is_undone(office_client, change_set):
    undo = f"/projects/changes/{change_set.pk}/undo/"
    assert undo in office_client.get("/projects/changes/").content.decode()

    office_client.post(undo)

    html = office_client.get("/projects/changes/").content.decode()
    assert undo not in html
    assert "撤回：污水处理厂：级别" in html
    assert Project.objects.get().level == ""


def test_undo_is_asked_before_it_is_done(office_client, change_set):
    assert "1 条项目" in office_client.get(f"/projects/changes/{change_set.pk}/undo/").content.decode()
    assert Project.objects.get().level == "city"


def test_undo_twice_is_refused_politely(office_client, change_set):
    office_client.post(f"/projects/changes/{change_set.pk}/undo/")

    response = office_client.post(f"/projects/changes/{change_set.pk}/undo/", follow=True)

    assert "已经撤回过" in response.content.decode()


@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "auditor", "sysadmin"])
def test_changes_are_for_the_office_only(client, change_set, role):
    client.force_login(factories.user(role))

    assert client.get("/projects/changes/").status_code == 404
    assert client.post(f"/projects/changes/{change_set.pk}/undo/").status_code in {403, 404}
    assert Project.objects.get().level == "city"


def test_changes_of_another_county_are_not_found(client, change_set):
    client.force_login(factories.user("office", county=factories.county("140429", "武乡县")))

    assert client.post(f"/projects/changes/{change_set.pk}/undo/").status_code == 404


def summaries(client, query=""):
    response = client.get(f"/projects/changes/{query}")
    return [change_set.summary for change_set in response.context["page"]]


@pytest.fixture
def one_of_each(office):
    for kind in ChangeSet.Kind:
        changes.begin(kind, county=office.county, by=office, summary=kind.label)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["撤回", "修改资料", "批量修改", "修改", "导入"]),
        ("?kind=dispatch", ["周调度"]),
        ("?kind=schedule", ["工期计划"]),
        ("?kind=problem", ["问题"]),
        ("?kind=inspect", ["督导观摩"]),
        ("?kind=all", ["督导观摩", "问题", "工期计划", "周调度", "撤回", "修改资料", "批量修改", "修改", "导入"]),
        ("?kind=edit", ["撤回", "修改资料", "批量修改", "修改", "导入"]),
        ("?kind=x'--", ["撤回", "修改资料", "批量修改", "修改", "导入"]),
    ],
)
def test_change_list_shows_the_registers_changes_unless_others_are_asked_for(office_client, one_of_each, query, shown):
    assert summaries(office_client, query) == shown


def test_change_list_keeps_its_kind_from_page_to_page(office_client, office):
    for number in range(51):
        changes.begin(ChangeSet.Kind.DISPATCH, county=office.county, by=office, summary=f"报送 {number}")

    html = office_client.get("/projects/changes/?kind=dispatch").content.decode()

    assert 'href="?kind=dispatch&amp;page=2"' in html
    assert summaries(office_client, "?kind=dispatch&page=2") == ["报送 0"]


@pytest.mark.parametrize("rows", [1, 5])
def test_change_list_takes_four_queries_whatever_its_length(office_client, office, rows, django_assert_num_queries):
    for number in range(rows):
        changes.begin(ChangeSet.Kind.EDIT, county=office.county, by=office, summary=f"改 {number}")

    with django_assert_num_queries(4):
        office_client.get("/projects/changes/")
