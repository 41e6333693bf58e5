"""What the system tells an account by itself (提醒), by which rules, and the runs of the job that sends it on."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.models import County
from accounts.scoping import CountyQuerySet


class NoticeKind(models.TextChoices):
    DUE = "due", "本周待报"
    RETURNED = "returned", "报送被退回"
    LATE_UNITS = "late_units", "单位逾期未报"
    TURNED_RED = "turned_red", "项目转为红灯"
    PROBLEM_OVERDUE = "problem_overdue", "问题逾期"
    PERMIT_LAPSING = "permit_lapsing", "手续到期"
    # Supervision: found by readers of the app above (notice_readers).
    PROBLEM_FOUND = "problem_found", "督导发现问题"
    MATTER = "matter", "交办事项"
    MATTER_DUE = "matter_due", "交办事项到期"
    MATTER_LATE = "matter_late", "交办事项逾期"
    LETTER = "letter", "督办文书"
    LETTER_DUE = "letter_due", "督办文书到期"
    LETTER_LATE = "letter_late", "督办文书逾期"
    ANSWERED = "answered", "反馈待处理"
    TO_REMIND = "to_remind", "应发提醒函"
    TO_ORDER = "to_order", "应发督办单"
    TO_TALK = "to_talk", "应发约谈通知"
    ROUND = "round", "观摩评分"


class NoticeRule(models.Model):
    """Whether a kind of notice is given in a county, and when. A kind without a row follows the default."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="notice_rules")
    kind = models.CharField("提醒", max_length=16, choices=NoticeKind)
    is_on = models.BooleanField("启用", default=True)
    threshold = models.PositiveSmallIntegerField(
        "提前或逾期", default=0, validators=[MinValueValidator(0), MaxValueValidator(168)]
    )
    by_email = models.BooleanField("同时发邮件", default=False)
    by_webhook = models.BooleanField("同时发工作群", default=False)

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提醒规则"
        ordering = ["county", "kind"]
        constraints = [models.UniqueConstraint(fields=["county", "kind"], name="notice_rule_once_per_kind")]

    def __str__(self):
        return f"{self.get_kind_display()}提醒"


class Notice(models.Model):
    """One notice to one account. `key` names what it tells of, so that it is told once.

    `User.unread_notices` counts those without `read_at`; whoever writes either keeps it, in the same transaction.
    """

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="收件人", related_name="notices")
    kind = models.CharField("提醒", max_length=16, choices=NoticeKind)
    key = models.CharField("事由编号", max_length=80)
    title = models.CharField("标题", max_length=120)
    words = models.CharField("内容", max_length=500, blank=True)
    path = models.CharField("查看地址", max_length=200)
    at = models.DateTimeField("提醒时间")
    read_at = models.DateTimeField("已读时间", null=True, blank=True)
    emailed_at = models.DateTimeField("发邮件时间", null=True, blank=True)
    posted_at = models.DateTimeField("发工作群时间", null=True, blank=True)

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提醒"
        ordering = ["user", "-at", "-pk"]
        indexes = [models.Index(fields=["user", "-at", "-id"])]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_notice_per_user_and_matter")]

    def __str__(self):
        return self.title


class JobRun(models.Model):
    """One run of a timed job. A job that is done for a `slot` (a day, or a day and hour) is not done again."""

    job = models.CharField("任务", max_length=40)
    slot = models.CharField("时段", max_length=20)
    started_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    words = models.CharField("结果", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "定时任务"
        ordering = ["-started_at"]
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="job_once_per_slot")]

    def __str__(self):
        return f"{self.job} {self.slot}"
