import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts import passwords
from accounts.models import AuditEntry
from tests import factories
from tests.factories import PASSWORD

CHANGE = "/accounts/password/"
NEW = "Sunny-Field-7"

pytestmark = pytest.mark.django_db


def change(client, old=PASSWORD, new=NEW, again=None):
    return client.post(CHANGE, {"old_password": old, "new_password1": new, "new_password2": again or new})


def errors_of(password, user=None):
    try:
        validate_password(password, user)
    except ValidationError as error:
        return error.messages
    return []


@pytest.mark.parametrize(
    ("password", "accepted"),
    [
        ("Kx7-mwe", False),  # seven signs
        ("Kx7-mwep", True),  # eight
        ("kxmwepqt7", False),  # two classes
        ("Kxmwepqt7", True),  # three
        ("P@ssw0rd", False),
        ("Qinyuan-2024", False),
        ("Admin@123", False),
    ],
)
def test_a_password_is_long_mixed_and_not_common(password, accepted):
    assert (errors_of(password) == []) is accepted


def test_every_fault_of_a_password_is_told_at_once_in_chinese():
    assert errors_of("admin") == [
        "密码太短：至少 8 位。",
        "密码须包含大写字母、小写字母、数字、符号中的至少三种。",
        "密码太容易被猜到：不要用单位、地名或常见单词加数字。",
    ]


def test_a_password_does_not_repeat_the_account_name():
    user = factories.user("office", "zhangwei77")

    assert errors_of("Zhangwei77-", user) == ["密码不能包含自己的账号或姓名。"]


def test_the_last_five_passwords_are_refused_and_the_sixth_is_not():
    user = factories.user("office", password="Number-0-ab")
    for number in range(1, 6):
        passwords.set_password(user, f"Number-{number}-ab")

    refused = [number for number in range(6) if errors_of(f"Number-{number}-ab", user)]

    assert refused == [1, 2, 3, 4, 5]


def test_changing_ones_password_is_noted_and_keeps_this_session_only(client):
    user = factories.user("office", "zhang")
    client.force_login(user)
    elsewhere = Client()
    elsewhere.force_login(user)

    response = change(client)

    assert (response.status_code, response.url) == (302, CHANGE)
    assert client.get(CHANGE).status_code == 200
    assert elsewhere.get(CHANGE).url == f"/accounts/login/?next={CHANGE}"
    assert list(AuditEntry.objects.values_list("action", "actor_name")) == [("修改密码", "项目办（zhang）")]
    assert client.login(username="zhang", password=NEW, request=response.wsgi_request)


def test_a_wrong_old_password_changes_nothing(client):
    user = factories.user("office")
    client.force_login(user)

    response = change(client, old="Wrong-1234")

    assert response.context["form"].errors == {"old_password": ["当前密码不正确，请重新输入。"]}
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_first_password_has_to_be_changed_before_anything_else(client):
    user = factories.user("office", must_change_password=True)
    client.force_login(user)

    before = client.get("/projects/")
    posted = client.post("/projects/")
    changed = change(client)
    user.refresh_from_db()

    assert (before.status_code, before.url) == (302, CHANGE)
    assert (posted.status_code, posted.url) == (302, CHANGE)
    assert (changed.url, user.must_change_password) == ("/start/", False)


def test_a_first_password_does_not_bar_the_way_out(client):
    client.force_login(factories.user("office", must_change_password=True))

    assert client.post(reverse("accounts:logout")).url == "/accounts/login/"


def test_initial_passwords_follow_the_rules_and_differ():
    made = {passwords.initial_password() for _ in range(200)}

    assert len(made) == 200
    assert [password for password in made if errors_of(password)] == []
