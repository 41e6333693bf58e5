"""What the system administrator does to accounts. Each leaves its entry in the trail; none is ever deleted."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit, lockout, passwords
from accounts.models import User


@transaction.atomic
def create_account(*, by, **fields):
    """Returns (account, initial password). The password is shown once and must be changed at the first sign-in."""
    password = passwords.initial_password()
    user = User.objects.create_user(password=password, county=by.county, must_change_password=True, **fields)
    audit.record("新增账号", actor=by, target=user, summary=f"{user.get_role_display()}，{user.unit or '无单位'}")
    return user, password


@transaction.atomic
def update_account(user, *, by, **fields):
    """`fields` may hold name, role, unit, email. Says whether anything changed."""
    before = {name: shown(user, name) for name in fields}
    for name, value in fields.items():
        setattr(user, name, value)
    after = {name: shown(user, name) for name in fields}
    changed = [name for name in fields if before[name] != after[name]]
    if "role" in changed:
        refuse_for_oneself(user, by, "不能修改自己的角色，请由另一位系统管理员修改。")
    if changed:
        user.save(update_fields=changed)
        detail = {label(name): f"{before[name]} → {after[name]}" for name in changed}
        audit.record("修改账号", actor=by, target=user, summary="、".join(detail), detail=detail)
    return bool(changed)


def shown(user, name):
    return user.get_role_display() if name == "role" else str(getattr(user, name) or "无")


def label(name):
    return User._meta.get_field(name).verbose_name


def refuse_for_oneself(user, by, message):
    if user.pk == by.pk:
        raise ValidationError(message)


@transaction.atomic
def disable_account(user, *, by):
    """Its sessions end with their next request. Says whether it was in use."""
    refuse_for_oneself(user, by, "不能停用自己的账号，请由另一位系统管理员停用。")
    return switch(user, by, active=False, action="停用账号")


@transaction.atomic
def enable_account(user, *, by):
    return switch(user, by, active=True, action="启用账号")


def switch(user, by, *, active, action):
    changed = User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active)
    if changed:
        audit.record(action, actor=by, target=user)
    return bool(changed)


@transaction.atomic
def reset_password(user, *, by):
    """Returns the new initial password; every session of the account ends, and its locks too."""
    refuse_for_oneself(user, by, "自己的密码请在“修改密码”页修改。")
    password = passwords.initial_password()
    passwords.set_password(user, password, must_change=True)
    lockout.unlock(user.username)
    audit.record("重置密码", actor=by, target=user)
    return password


@transaction.atomic
def unlock_account(user, *, by):
    forgotten = lockout.unlock(user.username)
    if forgotten:
        audit.record("解除登录锁定", actor=by, target=user)
    return bool(forgotten)
