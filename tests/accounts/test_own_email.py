import pytest

from accounts.forms.users import NO_ADDRESS
from accounts.models import AuditEntry
from tests import factories

PAGE = "/accounts/email/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def reporter(client):
    user = factories.user("reporter", "zhang", unit=factories.unit())
    client.force_login(user)
    return user


def test_an_account_gives_its_own_address_and_nothing_else(client, reporter):
    data = {"email": "zhang@example.gov.cn", "role": "office", "username": "boss", "is_superuser": "1"}

    answers = [client.post(PAGE, data, follow=True) for _ in range(2)]

    reporter.refresh_from_db()
    told = [str(message) for answer in answers for message in answer.context["messages"]]
    assert (reporter.email, reporter.role, reporter.username) == ("zhang@example.gov.cn", "reporter", "zhang")
    assert told == ["邮箱已保存。", "没有修改任何内容。"]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.detail) == ("修改账号", reporter, {"邮箱": "无 → zhang@example.gov.cn"})


def test_an_address_is_taken_away_by_leaving_it_empty(client, reporter):
    client.post(PAGE, {"email": "zhang@example.gov.cn"})

    client.post(PAGE, {"email": ""})

    reporter.refresh_from_db()
    assert reporter.email == ""


def test_what_is_no_address_is_shown_back_with_a_reason(client, reporter):
    response = client.post(PAGE, {"email": "张三@县政府"})

    assert response.context["form"].errors == {"email": [NO_ADDRESS]}
    assert 'value="张三@县政府"' in response.content.decode()
    reporter.refresh_from_db()
    assert reporter.email == ""


@pytest.mark.parametrize(
    ("role", "status"),
    [("office", 200), ("reporter", 200), ("leader", 200), ("inspector", 200), ("auditor", 404), ("sysadmin", 404)],
)
def test_only_who_gets_notices_opens_it_and_is_led_there(client, role, status):
    client.force_login(factories.user(role))

    answer = client.get(PAGE)
    frame = client.get("/accounts/password/").content.decode()

    assert (answer.status_code, PAGE in frame) == (status, status == 200)
