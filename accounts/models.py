"""Who works here: counties, units, accounts, and the trail of what they did."""

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.roles import READ_ONLY_ROLES, Role
from accounts.scoping import CountyQuerySet


class County(models.Model):
    """A county (县) of GB/T 2260. A fresh installation has one, and no page speaks of it."""

    code = models.CharField("行政区划代码", max_length=6, unique=True, help_text="GB/T 2260，6 位数字")
    name = models.CharField("名称", max_length=40)
    business_time = models.DateTimeField(
        "演示时间", null=True, blank=True, help_text="仅在加载演示数据时有值：业务时间停在这一刻"
    )
    data_version = models.PositiveBigIntegerField("数据版本", default=1, editable=False)
    data_changed_at = models.DateTimeField("数据更新时间", null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "县"

    def __str__(self):
        return self.name

    @classmethod
    def sole(cls):
        """The county of an installation that has one, else None."""
        counties = list(cls.objects.all()[:2])
        return counties[0] if len(counties) == 1 else None

    @property
    def is_demo(self):
        return self.business_time is not None

    def business_now(self):
        """The moment that weeks, deadlines and as-of figures count from; audit and sessions use the real clock."""
        return self.business_time or timezone.now()

    def business_today(self):
        return timezone.localdate(self.business_now())

    def move_data_version(self):
        """Called by every business write, in its transaction: pages cached under the old version die with it."""
        County.objects.filter(pk=self.pk).update(
            data_version=F("data_version") + 1, data_changed_at=self.business_now()
        )


class Unit(models.Model):
    """A unit (单位) that answers for projects or reports on them: a bureau, a township, a company."""

    class Kind(models.TextChoices):
        BUREAU = "bureau", "县直部门"
        TOWNSHIP = "township", "乡镇"
        ZONE = "zone", "开发区"
        COMPANY = "company", "企业"
        OTHER = "other", "其他"

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="units")
    name = models.CharField("单位名称", max_length=80)
    short_name = models.CharField("简称", max_length=20, blank=True)
    kind = models.CharField("类型", max_length=10, choices=Kind, default=Kind.BUREAU)
    is_active = models.BooleanField("在用", default=True)
    is_demo = models.BooleanField("演示数据", default=False, editable=False)

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["county", "kind", "name"]
        constraints = [models.UniqueConstraint(fields=["county", "name"], name="unit_name_once_per_county")]

    def __str__(self):
        return self.name


class AccountQuerySet(CountyQuerySet):
    def for_session(self):
        """What every page needs to know of the signed-in account, in one query."""
        return self.select_related("county", "unit")

    def matching(self, text):
        return self.filter(Q(username__icontains=text) | Q(name__icontains=text) | Q(unit__name__icontains=text))


class AccountManager(BaseUserManager.from_queryset(AccountQuerySet)):
    def create_user(self, username, password, **fields):
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractUser):
    """An account (账号). It has one role, and a unit when the role works for one."""

    first_name = last_name = None

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="users", null=True)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="单位", related_name="users", null=True, blank=True)
    role = models.CharField("角色", max_length=12, choices=Role, default=Role.REPORTER)
    name = models.CharField("姓名", max_length=40)
    email = models.EmailField("邮箱", blank=True, help_text="用于接收提醒邮件，可不填")
    # Kept by whoever writes notices, so that the bell on every page costs no query.
    unread_notices = models.PositiveIntegerField("未读提醒", default=0, editable=False)
    must_change_password = models.BooleanField("下次登录须改密码", default=True)
    password_changed_at = models.DateTimeField("密码修改时间", default=timezone.now)
    is_demo = models.BooleanField("演示数据", default=False, editable=False)

    REQUIRED_FIELDS = []

    objects = AccountManager()

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        ordering = ["county", "role", "username"]

    def __str__(self):
        return self.name or self.username

    @property
    def is_read_only(self):
        """Forms that this account may not send are not shown to it."""
        return self.role in READ_ONLY_ROLES

    def get_full_name(self):
        return str(self)

    get_short_name = get_full_name


class PasswordHistory(models.Model):
    """A former password's hash: the last five may not be used again."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-set_at", "-pk"]

    def __str__(self):
        return f"{self.user} {self.set_at:%Y-%m-%d}"


class TrailQuerySet(CountyQuerySet):
    def newest_first(self):
        """By time, and by number within one moment: the order in which every index of the trail can be read."""
        return self.order_by("-at", "-id")

    def older_than(self, entry):
        """What follows `entry` in newest_first()."""
        return self.filter(at__lte=entry.at).exclude(at=entry.at, id__gte=entry.pk)

    def about(self, text):
        return self.filter(Q(target_label__icontains=text) | Q(summary__icontains=text))


class AuditEntry(models.Model):
    """One line of the audit trail (审计日志). Append-only: the database itself refuses to change or delete it."""

    class Outcome(models.TextChoices):
        DONE = "done", "成功"
        REFUSED = "refused", "被拒绝"

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", null=True)
    at = models.DateTimeField("时间", auto_now_add=True)
    # No constraint and no cascade: the trail outlives the account it speaks of.
    actor = models.ForeignKey(
        User, models.DO_NOTHING, verbose_name="账号", null=True, db_constraint=False, related_name="+"
    )
    actor_name = models.CharField("操作人", max_length=160)
    address = models.GenericIPAddressField("地址", null=True)
    action = models.CharField("操作", max_length=40)
    outcome = models.CharField("结果", max_length=8, choices=Outcome, default=Outcome.DONE)
    target_type = models.CharField("对象类型", max_length=40, blank=True)
    target_id = models.CharField("对象编号", max_length=40, blank=True)
    target_label = models.CharField("对象", max_length=200, blank=True)
    summary = models.CharField("摘要", max_length=500, blank=True)
    detail = models.JSONField("明细", default=dict, blank=True)

    objects = TrailQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审计记录"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["county", "-at", "-id"], name="audit_by_time"),
            models.Index(fields=["county", "actor", "-at", "-id"], name="audit_by_actor"),
            models.Index(fields=["county", "action", "-at", "-id"], name="audit_by_action"),
            models.Index(fields=["county", "outcome", "-at", "-id"], name="audit_by_outcome"),
        ]

    def __str__(self):
        return f"{self.actor_name} {self.action} {self.target_label}".strip()
