"""Notices (提醒): what somebody should know of today, by which rules, and the jobs that send them."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models

from accounts.models import County
from accounts.scoping import CountyQuerySet


class NoticeKind(models.TextChoices):
    DUE = "due", "周调度待报"
    RETURNED = "returned", "周调度被退回"
    LATE_UNITS = "late_units", "单位未按时报送"
    TURNED_RED = "turned_red", "项目转红灯"
    PROBLEM_OVERDUE = "problem", "问题逾期"


class NoticeRule(models.Model):
    """Whether, when and by which ways one kind of notice is sent; without a row its defaults hold."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="notice_rules")
    kind = models.CharField("提醒", max_length=12, choices=NoticeKind)
    is_on = models.BooleanField("启用", default=True)
    margin = models.PositiveSmallIntegerField(
        "提前或满多久", default=0, validators=[MaxValueValidator(240)], help_text="单位由提醒决定：小时或天"
    )
    by_email = models.BooleanField("同时发邮件", default=False)
    by_webhook = models.BooleanField("同时发群机器人", default=False)
    row_version = models.PositiveIntegerField("行版本", default=1, editable=False)

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提醒规则"
        ordering = ["county", "kind"]
        constraints = [models.UniqueConstraint(fields=["county", "kind"], name="one_notice_rule_per_kind")]

    def __str__(self):
        return self.get_kind_display()


class NoticeQuerySet(CountyQuerySet):
    def of_user(self, user):
        return self.filter(user=user)

    def unread(self):
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One thing that one person is told. `key` says what it is about, so that nobody is told twice."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="收件人", related_name="notices")
    kind = models.CharField("提醒", max_length=12, choices=NoticeKind)
    key = models.CharField("事项", max_length=80, editable=False)
    text = models.CharField("内容", max_length=300)
    path = models.CharField("页面", max_length=200, help_text="本系统内的地址，如 /dispatch/")
    at = models.DateTimeField("时间")
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    emailed_at = models.DateTimeField("邮件发送时间", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提醒"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["user", "-at"])]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_notice_per_user_and_matter")]

    def __str__(self):
        return self.text


class JobRun(models.Model):
    """One run of a timed job for a day; the second run of the same day finds it done (dates are business days)."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    job = models.CharField("任务", max_length=40)
    day = models.DateField("日期")
    started_at = models.DateTimeField("开始时间", auto_now_add=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    summary = models.CharField("结果", max_length=300, blank=True)

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任务记录"
        ordering = ["-started_at"]
        constraints = [models.UniqueConstraint(fields=["county", "job", "day"], name="one_job_run_per_day")]

    def __str__(self):
        return f"{self.job} {self.day}"
