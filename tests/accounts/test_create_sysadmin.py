import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEntry, User
from tests import factories

pytestmark = pytest.mark.django_db


def create(monkeypatch, password="Sunny-Field-7", **options):
    monkeypatch.setenv("SYSADMIN_PASSWORD", password)
    call_command("create_sysadmin", "admin1", **options)


def test_the_first_administrator_must_change_the_password(monkeypatch, capsys):
    county = factories.county()

    create(monkeypatch)

    user = User.objects.get()
    assert (user.role, user.county, user.must_change_password) == ("sysadmin", county, True)
    assert user.check_password("Sunny-Field-7")
    assert AuditEntry.objects.get().target_label == "系统管理员（admin1）"


def test_a_weak_password_makes_no_account(monkeypatch):
    factories.county()

    with pytest.raises(CommandError, match="密码太短：至少 8 位。"):
        create(monkeypatch, password="x")

    assert User.objects.count() == 0


def test_the_same_name_twice_is_refused(monkeypatch):
    factories.county()
    create(monkeypatch)

    with pytest.raises(CommandError):
        create(monkeypatch)

    assert User.objects.count() == 1


def test_several_counties_have_to_be_told_apart(monkeypatch):
    factories.county()
    other = factories.county("140400", "别县")

    with pytest.raises(CommandError, match="--county"):
        create(monkeypatch)
    create(monkeypatch, county="140400")

    assert User.objects.get().county == other


def test_passwords_that_differ_make_no_account(monkeypatch):
    factories.county()
    monkeypatch.delenv("SYSADMIN_PASSWORD", raising=False)
    answers = iter(["Sunny-Field-7", "Sunny-Field-8"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))

    with pytest.raises(CommandError, match="不一致"):
        call_command("create_sysadmin", "admin1")
