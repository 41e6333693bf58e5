from django.contrib.auth.backends import BaseBackend, ModelBackend

from accounts.models import User


class AccountBackend(ModelBackend):
    """Passwords, and the account of a session. Rights come from accounts.roles: no permission table is asked."""

    # ModelBackend's own would read the permission tables on every negative answer.
    has_perm = BaseBackend.has_perm

    def has_module_perms(self, user_obj, app_label):
        return False

    get_all_permissions = BaseBackend.get_all_permissions
    get_user_permissions = BaseBackend.get_user_permissions
    get_group_permissions = BaseBackend.get_group_permissions

    def get_user(self, user_id):
        """The account with its county and unit in one query; None for a disabled one, which ends its sessions."""
        user = User.objects.for_session().filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
