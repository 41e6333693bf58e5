import pytest
from django.db import IntegrityError, connection, transaction

from accounts import audit
from accounts.models import AuditEntry
from tests import factories


@pytest.fixture
def entry(db):
    return audit.record("登录", actor=factories.user("office"))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE accounts_auditentry SET action = '改'",
        "DELETE FROM accounts_auditentry",
        "DELETE FROM accounts_auditentry WHERE id = %s",
    ],
)
def test_the_database_refuses_to_change_or_delete_an_entry(entry, sql):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [entry.pk] if "%s" in sql else None)

    assert AuditEntry.objects.get().action == "登录"


@pytest.mark.parametrize(
    "attempt",
    [lambda entry: entry.delete(), lambda entry: entry.save(), lambda entry: AuditEntry.objects.update(action="改")],
)
def test_the_models_cannot_either(entry, attempt):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        attempt(entry)

    assert AuditEntry.objects.count() == 1


def test_the_trail_outlives_its_account(entry):
    factories.User.objects.all().delete()

    assert AuditEntry.objects.get().actor_name == "项目办（" + entry.actor_name.partition("（")[2]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_tests_with_real_transactions_leave_an_empty_and_protected_trail(turn):
    assert AuditEntry.objects.count() == 0

    entry = audit.record("登录", actor=factories.user("office"))

    with pytest.raises(IntegrityError):
        entry.delete()
