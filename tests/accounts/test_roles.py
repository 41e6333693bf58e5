from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template

from accounts.roles import RIGHTS, Right, Role, has_right
from accounts.rules import permission_name
from tests import factories


def documented_rights():
    """{right: roles with a tick} from the table in docs/roles.md."""
    lines = (Path(settings.BASE_DIR) / "docs" / "roles.md").read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    roles = [Role(next(value for value, label in Role.choices if label == name)) for name in rows[0][2:]]
    return {
        row[0].strip("`"): (row[1], {role for role, mark in zip(roles, row[2:], strict=True) if mark == "✓"})
        for row in rows[2:]
    }


def test_docs_tell_the_table_of_the_code():
    assert documented_rights() == {right.value: (right.label, set(RIGHTS[right])) for right in Right}


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_templates_and_backends_agree_with_the_table(role, django_assert_num_queries):
    user = factories.user(role)
    asked = Template("{% load rules %}{% has_perm name user as may %}{{ may }}")

    with django_assert_num_queries(0):
        answers = {right: asked.render(Context({"name": permission_name(right), "user": user})) for right in Right}

    assert answers == {right: str(role in RIGHTS[right]) for right in Right}


def test_a_disabled_account_and_a_visitor_have_no_right(db, rf):
    from django.contrib.auth.models import AnonymousUser

    disabled = factories.user("office", is_active=False)

    assert [has_right(disabled, right) for right in Right] == [False] * len(Right)
    assert [has_right(AnonymousUser(), right) for right in Right] == [False] * len(Right)
