"""The rights of accounts.roles as permissions: `{% has_perm "portfolio.edit_register" user as may_edit %}`."""

import rules
from accounts.roles import Right, has_right

OWN_RIGHTS = {Right.MANAGE_ACCOUNTS, Right.READ_AUDIT}


def permission_name(right):
    return f"{'accounts' if right in OWN_RIGHTS else 'portfolio'}.{right.value}"


def holds(right):
    @rules.predicate(name=f"holds_{right.value}")
    def predicate(user):
        return has_right(user, right)

    return predicate


for right in Right:
    rules.add_perm(permission_name(right), holds(right))
