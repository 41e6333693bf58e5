"""Password rules (GB/T 22239 8.1.4.1; see docs/decisions) and the one way to set a password."""

import datetime as dt
import re
import secrets

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

SHORTEST = 8
KEPT = 5
CLASSES = {"大写字母": r"[A-Z]", "小写字母": r"[a-z]", "数字": r"[0-9]", "符号": r"[^A-Za-z0-9]"}
# Words that a guesser tries first here, beside Django's own list of 20,000.
COMMON_STEMS = {"admin", "root", "test", "demo", "guest", "user", "password", "passwd", "pssword", "pw", "qwer"}
COMMON_STEMS |= {"qwerty", "abc", "abcd", "aa", "asdf", "qinyuan", "qyx", "qyfgj", "fgj", "fgw", "xmb", "changzhi"}
COMMON_STEMS |= {"shanxi", "zhongdaxiangmu", "xiangmu", "xm", "welcome", "hello", "woaini"}
# Without the signs that are misread on paper: 0 O 1 l I.
READABLE = {"upper": "ABCDEFGHJKMNPQRSTUVWXYZ", "lower": "abcdefghjkmnpqrstuvwxyz", "digit": "23456789"}


class LengthValidator:
    def validate(self, password, user=None):
        if len(password) < SHORTEST:
            raise ValidationError(f"密码太短：至少 {SHORTEST} 位。", code="too_short")

    def get_help_text(self):
        return f"至少 {SHORTEST} 位。"


class ThreeClassesValidator:
    def validate(self, password, user=None):
        if sum(bool(re.search(pattern, password)) for pattern in CLASSES.values()) < 3:
            raise ValidationError("密码须包含大写字母、小写字母、数字、符号中的至少三种。", code="too_few_classes")

    def get_help_text(self):
        return "大写字母、小写字母、数字、符号中至少三种。"


class NotCommonValidator(CommonPasswordValidator):
    """Django's list, and what a guesser tries first in this county."""

    def validate(self, password, user=None):
        stem = re.sub(r"[^a-z]", "", password.lower())
        if stem in COMMON_STEMS or password.lower().strip() in self.passwords:
            raise ValidationError("密码太容易被猜到：不要用单位、地名或常见单词加数字。", code="common")

    def get_help_text(self):
        return "不要用单位、地名或常见单词加数字。"


class NotTheNameValidator:
    def validate(self, password, user=None):
        if user is None:
            return
        if any(len(name) > 2 and name.lower() in password.lower() for name in (user.username, user.name)):
            raise ValidationError("密码不能包含自己的账号或姓名。", code="contains_name")

    def get_help_text(self):
        return "不能包含自己的账号或姓名。"


class NotUsedRecentlyValidator:
    def validate(self, password, user=None):
        if user is None or user.pk is None:
            return
        former = list(user.former_passwords.values_list("password", flat=True)[: KEPT - 1])
        if any(check_password(password, encoded) for encoded in [user.password, *former]):
            raise ValidationError(f"不能与最近 {KEPT} 次用过的密码相同。", code="used_recently")

    def get_help_text(self):
        return f"不能与最近 {KEPT} 次用过的密码相同。"


@transaction.atomic
def set_password(user, password, *, must_change=False):
    """Every other session of the account ends, because a session carries a digest of the password it began with."""
    user.former_passwords.create(password=user.password)
    kept = user.former_passwords.values_list("pk", flat=True)[:KEPT]
    user.former_passwords.exclude(pk__in=list(kept)).delete()
    user.set_password(password)
    user.password_changed_at = timezone.now()
    user.must_change_password = must_change
    user.save(update_fields=["password", "password_changed_at", "must_change_password"])


def has_expired(user, now=None):
    """Off unless PASSWORD_MAX_AGE_DAYS is set."""
    if not settings.PASSWORD_MAX_AGE_DAYS:
        return False
    return (now or timezone.now()) - user.password_changed_at > dt.timedelta(days=settings.PASSWORD_MAX_AGE_DAYS)


def initial_password():
    """Four groups that can be read out over the telephone, like Kd7-mwe-48P-qtz."""
    signs = [secrets.choice(pool) for pool in READABLE.values()]
    signs += [secrets.choice("".join(READABLE.values())) for _ in range(9)]
    secrets.SystemRandom().shuffle(signs)
    return "-".join("".join(signs[start : start + 3]) for start in range(0, 12, 3))
