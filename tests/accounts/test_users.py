import re

import pytest
from django.test import Client

from accounts.forms.users import NO_ADDRESS
from accounts.models import AuditEntry, User
from tests import factories
from tests.factories import PASSWORD

LIST = "/accounts/users/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def sysadmin():
    return factories.user("sysadmin", "admin1")


@pytest.fixture
def admin(client, sysadmin):
    client.force_login(sysadmin)
    return client


@pytest.fixture
def reporter():
    return factories.user("reporter", "zhang", name="填报员甲", unit=factories.unit("住建局"))


def usernames(response):
    return [account.username for account in response.context["page"]]


def trail():
    return list(AuditEntry.objects.order_by("pk").values_list("action", "target_label", "summary"))


def form_of(account, **changes):
    fields = {"name": account.name, "role": account.role, "unit": account.unit_id or "", "email": account.email}
    return {**fields, **changes}


def test_the_list_finds_by_account_name_and_unit_and_filters(admin, reporter):
    disabled = factories.user("office", "wang", name="项目办乙", is_active=False)

    assert usernames(admin.get(LIST, {"q": "zha"})) == ["zhang"]
    assert usernames(admin.get(LIST, {"q": "住建"})) == ["zhang"]
    assert usernames(admin.get(LIST, {"q": "项目办乙"})) == ["wang"]
    assert usernames(admin.get(LIST, {"role": "sysadmin"})) == ["admin1"]
    assert usernames(admin.get(LIST, {"state": "disabled"})) == [disabled.username]
    assert usernames(admin.get(LIST, {"role": "emperor"})) == []


def test_the_list_costs_the_same_at_any_size(admin, reporter, django_assert_num_queries):
    with django_assert_num_queries(5):
        admin.get(LIST)
    for number in range(30):
        factories.user("reporter", unit=factories.unit(f"单位甲{number}"))
    with django_assert_num_queries(5):
        admin.get(LIST)


def test_a_new_account_gets_a_password_once_and_must_change_it(admin):
    unit = factories.unit()

    response = admin.post(f"{LIST}new/", {"username": "li.si", "name": "李四", "role": "reporter", "unit": unit.pk})

    account = User.objects.get(username="li.si")
    password = response.context["password"]
    assert (account.name, account.role, account.unit, account.must_change_password) == ("李四", "reporter", unit, True)
    assert account.check_password(password)
    assert password in response.content.decode()
    assert trail() == [("新增账号", "李四（li.si）", f"填报员，{unit}")]
    assert password not in str(AuditEntry.objects.values())
    assert password not in admin.get(f"{LIST}{account.pk}/").content.decode()


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"username": "张三"}, "username", "账号只能用小写字母、数字和 . _ -，2 至 30 位。"),
        ({"username": "admin1"}, "username", "这个账号已经有了，请换一个。"),
        ({"email": "张三@县政府"}, "email", NO_ADDRESS),
        ({"email": "a@b.cn\r\nBcc: c@d.cn"}, "email", NO_ADDRESS),
        ({"unit": ""}, "unit", "填报员要按单位填报，请选择单位。"),
        ({"role": "emperor"}, "role", "选择一个有效的选项。 emperor 不在可用的选项中。"),
    ],
)
def test_a_faulty_account_is_refused_with_a_reason(admin, changes, field, message):
    data = {"username": "lisi", "name": "李四", "role": "reporter", "unit": factories.unit().pk, **changes}

    response = admin.post(f"{LIST}new/", data)

    assert response.context["form"].errors == {field: [message]}
    assert User.objects.count() == 1


def test_a_unit_of_another_county_cannot_be_chosen(admin):
    foreign = factories.unit(county=factories.county("140400", "别县"))

    response = admin.post(f"{LIST}new/", {"username": "lisi", "name": "李四", "role": "reporter", "unit": foreign.pk})

    assert list(response.context["form"].errors) == ["unit"]


def test_an_account_of_another_county_does_not_exist(admin):
    foreign = factories.user("reporter", county=factories.county("140400", "别县"))

    answers = [admin.get(f"{LIST}{foreign.pk}/")] + [
        admin.post(f"{LIST}{foreign.pk}/{verb}/") for verb in ("disable", "enable", "unlock", "reset-password")
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert usernames(admin.get(LIST)) == ["admin1"]
    foreign.refresh_from_db()
    assert foreign.is_active
    assert foreign.check_password(PASSWORD)


def test_editing_says_what_changed_and_only_that(admin, reporter):
    admin.post(f"{LIST}{reporter.pk}/", form_of(reporter, name="填报员乙"))
    admin.post(f"{LIST}{reporter.pk}/", form_of(reporter, name="填报员乙"))

    reporter.refresh_from_db()
    assert reporter.name == "填报员乙"
    assert AuditEntry.objects.get().detail == {"姓名": "填报员甲 → 填报员乙"}


def test_an_address_for_notices_is_given_changed_and_taken_away(admin, reporter):
    for address in ("zhang@example.gov.cn", "li@example.gov.cn", ""):
        admin.post(f"{LIST}{reporter.pk}/", form_of(reporter, email=address))

    reporter.refresh_from_db()
    assert reporter.email == ""
    assert [entry.detail for entry in AuditEntry.objects.order_by("pk")] == [
        {"邮箱": "无 → zhang@example.gov.cn"},
        {"邮箱": "zhang@example.gov.cn → li@example.gov.cn"},
        {"邮箱": "li@example.gov.cn → 无"},
    ]


def test_a_new_account_may_come_with_an_address(admin):
    fields = {"username": "lisi", "name": "李四", "role": "office", "email": "lisi@example.gov.cn"}

    admin.post(f"{LIST}new/", fields)

    assert User.objects.get(username="lisi").email == "lisi@example.gov.cn"


def test_fields_that_are_not_in_the_form_are_ignored(admin, reporter):
    extra = {"username": "boss", "is_superuser": "1", "is_staff": "1", "is_active": "", "password": "x", "county": "9"}
    before = User.objects.filter(pk=reporter.pk).values().get()

    admin.post(f"{LIST}{reporter.pk}/", form_of(reporter, **extra))

    assert User.objects.filter(pk=reporter.pk).values().get() == before


def test_an_administrator_cannot_change_his_own_role_or_lock_himself_out(admin, sysadmin):
    factories.user("sysadmin", "admin2")

    admin.post(f"{LIST}{sysadmin.pk}/", form_of(sysadmin, role="office"), follow=True)
    disabled = admin.post(f"{LIST}{sysadmin.pk}/disable/", follow=True)
    admin.post(f"{LIST}{sysadmin.pk}/reset-password/")

    sysadmin.refresh_from_db()
    assert (sysadmin.role, sysadmin.is_active) == ("sysadmin", True)
    assert sysadmin.check_password(PASSWORD)
    assert [str(message) for message in disabled.context["messages"]] == [
        "不能停用自己的账号，请由另一位系统管理员停用。"
    ]
    assert trail() == []


def test_a_disabled_account_is_out_at_once_and_comes_back(admin, reporter):
    elsewhere = Client()
    elsewhere.force_login(reporter)

    admin.post(f"{LIST}{reporter.pk}/disable/")
    admin.post(f"{LIST}{reporter.pk}/disable/")
    barred = elsewhere.get("/accounts/password/")
    admin.post(f"{LIST}{reporter.pk}/enable/")

    assert barred.status_code == 302
    reporter.refresh_from_db()
    assert reporter.is_active
    assert [action for action, *_ in trail()] == ["停用账号", "启用账号"]


def test_resetting_a_password_ends_sessions_and_forces_a_change(admin, reporter):
    elsewhere = Client()
    elsewhere.force_login(reporter)

    response = admin.post(f"{LIST}{reporter.pk}/reset-password/")

    reporter.refresh_from_db()
    assert reporter.check_password(response.context["password"])
    assert reporter.must_change_password
    assert re.fullmatch(r"([A-Za-z2-9]{3}-){3}[A-Za-z2-9]{3}", response.context["password"])
    assert elsewhere.get("/accounts/password/").status_code == 302


def test_unlocking_lets_the_account_in_again(admin, reporter):
    visitor = Client()
    for _ in range(5):
        visitor.post("/accounts/login/", {"username": "zhang", "password": "Wrong-1234"})
    locked = visitor.post("/accounts/login/", {"username": "zhang", "password": PASSWORD})

    page = admin.get(f"{LIST}{reporter.pk}/").content.decode()
    admin.post(f"{LIST}{reporter.pk}/unlock/")
    free = visitor.post("/accounts/login/", {"username": "zhang", "password": PASSWORD})

    assert "已锁定至" in page
    assert (locked.status_code, free.status_code) == (429, 302)
    assert ("解除登录锁定", "填报员甲（zhang）", "") in trail()


def test_names_are_shown_as_text(admin, reporter):
    User.objects.filter(pk=reporter.pk).update(name="<img src=x onerror=alert(1)>")

    page = admin.get(LIST).content.decode()

    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
