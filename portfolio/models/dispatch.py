"""The weekly dispatch (一周一调度): a report per plan and ISO week, its photos, and the week that the county closes."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import County
from accounts.roles import Right, has_right
from accounts.scoping import CountyQuerySet
from portfolio.models.changes import tracked_history
from portfolio.models.problems import ProblemKind
from portfolio.models.register import AnnualPlan, money_field, not_negative
from portfolio.weeks import Week


class ReportState(models.TextChoices):
    DRAFT = "draft", "草稿"
    REPORTED = "reported", "已报"
    RETURNED = "returned", "退回"
    ACCEPTED = "accepted", "已审"


# Everybody reads these; they count in every figure. Drafts and returned reports belong to their unit and the office.
PUBLISHED = frozenset({ReportState.REPORTED, ReportState.ACCEPTED})


class NoChange(models.TextChoices):
    """Why a week brought nothing new (没有变化): a closed list, so that one tap is enough."""

    PERMIT = "permit", "手续办理中"
    FUNDS = "funds", "等待资金"
    LAND = "land", "等待用地征拆"
    SUPPLY = "supply", "等待材料设备"
    WEATHER = "weather", "天气原因停工"
    HOLIDAY = "holiday", "节假日停工"
    WINTER = "winter", "冬季停工"
    DONE = "done", "已完工，无新增"
    OTHER = "other", "其他"


class WeeklyDispatchQuerySet(CountyQuerySet):
    def of_week(self, week):
        return self.filter(year=week.year, week=week.number)

    def published(self):
        return self.filter(state__in=PUBLISHED)

    def editable_by(self, user):
        """Reports that this user may fill in, whatever their state: the unit's own, or all for the office."""
        return self.visible_to(user).filter(plan__in=AnnualPlan.objects.reportable_by(user))

    def readable_by(self, user):
        """Published reports, and the unpublished ones of plans that this user reports for."""
        if has_right(user, Right.REVIEW_DISPATCH):
            return self.visible_to(user)
        own = Q(plan__in=AnnualPlan.objects.reportable_by(user))
        return self.visible_to(user).filter(Q(state__in=PUBLISHED) | own)


class WeeklyDispatch(models.Model):
    """What a unit reports of a plan for a week (周调度). `year` is the ISO year of the week, and the plan's year.

    Stored is the year-to-date investment; the week's is its difference to the last published report before, worked
    out in `portfolio.dispatch`. History keeps every record from the first submission on; drafts leave none.
    """

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="dispatches")
    plan = models.ForeignKey(AnnualPlan, models.PROTECT, verbose_name="年度计划", related_name="dispatches")
    year = models.PositiveSmallIntegerField("年度")
    week = models.PositiveSmallIntegerField("周次", validators=[MinValueValidator(1), MaxValueValidator(53)])

    ytd_investment = money_field("年度累计完成投资", help_text="万元")
    works_percent = models.DecimalField(
        "工程量%",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(999)],
    )
    progress = models.TextField("形象进度", max_length=2000, blank=True)
    next_plan = models.TextField("下周计划", max_length=2000, blank=True)
    problem = models.TextField("存在问题", max_length=2000, blank=True)
    problem_kind = models.CharField("问题类型", max_length=8, choices=ProblemKind, blank=True)
    needs_help = models.TextField("需协调事项", max_length=2000, blank=True)
    no_change = models.CharField("没有变化的原因", max_length=8, choices=NoChange, blank=True)

    state = models.CharField("状态", max_length=8, choices=ReportState, default=ReportState.DRAFT)
    warnings = models.JSONField("提示", default=list, blank=True, help_text="报送时的提示：[{code, text}]")
    explanation = models.TextField("对提示的说明", max_length=1000, blank=True)
    return_reason = models.CharField("退回原因", max_length=500, blank=True)

    saved_at = models.DateTimeField("保存时间", null=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="填报人", null=True, related_name="+"
    )
    first_submitted_at = models.DateTimeField("首次报送时间", null=True, blank=True)
    submitted_at = models.DateTimeField("报送时间", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="报送人", null=True, blank=True, related_name="+"
    )
    is_late = models.BooleanField("迟报", default=False, help_text="首次报送晚于截止时间")
    reviewed_at = models.DateTimeField("审核时间", null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="审核人", null=True, blank=True, related_name="+"
    )
    row_version = models.PositiveIntegerField("行版本", default=1, editable=False)

    objects = WeeklyDispatchQuerySet.as_manager()
    history = tracked_history()

    class Meta:
        verbose_name = verbose_name_plural = "周调度"
        ordering = ["plan", "year", "week"]
        indexes = [models.Index(fields=["county", "year", "week", "state"])]
        constraints = [
            models.UniqueConstraint(fields=["plan", "year", "week"], name="one_report_per_plan_and_week"),
            models.CheckConstraint(condition=Q(week__range=(1, 53)), name="dispatch_week_range"),
            not_negative("dispatch_ytd_not_negative", "ytd_investment"),
        ]

    def __str__(self):
        return f"{self.plan.project} {self.iso_week.label}周调度"

    @property
    def iso_week(self):
        return Week(self.year, self.week)

    @property
    def reported_on(self):
        """The day it was last submitted; None before."""
        return self.submitted_at and timezone.localdate(self.submitted_at)

    @property
    def is_published(self):
        return self.state in PUBLISHED


class Photo(models.Model):
    """A photo of a report. The stored file is our own re-encoding: upright, without the camera's data (GPS)."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    dispatch = models.ForeignKey(WeeklyDispatch, models.CASCADE, verbose_name="周调度", related_name="photos")
    file = models.FileField("照片", upload_to="photos/%Y/%m")
    thumbnail = models.FileField("缩略图", upload_to="photos/%Y/%m")
    width = models.PositiveIntegerField("宽")
    height = models.PositiveIntegerField("高")
    digest = models.CharField("文件指纹", max_length=64, db_index=True, help_text="上传文件的 SHA-256")
    look = models.CharField("图像指纹", max_length=16, help_text="64 位差分指纹，十六进制")
    same_as = models.ForeignKey(
        "self",
        models.SET_NULL,
        verbose_name="疑似重复使用",
        null=True,
        blank=True,
        related_name="+",
        help_text="上传时发现的、别处用过的同一张或极相似的照片",
    )
    caption = models.CharField("说明", max_length=100, blank=True)
    upload_key = models.UUIDField("上传编号", unique=True, editable=False, help_text="同一张照片重传，只存一次")
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="上传人", null=True, related_name="+"
    )

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "照片"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.dispatch}的照片"


class DispatchWeek(models.Model):
    """A week of the county, from the day the office first locks it. Reports of a locked week are closed to everybody.

    `due_plans` are the keys of the plans that had to report when it was locked, so that its lists stay as they were.
    """

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="dispatch_weeks")
    year = models.PositiveSmallIntegerField("年度")
    week = models.PositiveSmallIntegerField("周次")
    locked_at = models.DateTimeField("锁定时间", null=True, blank=True)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="锁定人", null=True, blank=True, related_name="+"
    )
    due_plans = models.JSONField("应报的年度计划", default=list, blank=True)

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "调度周"
        ordering = ["county", "-year", "-week"]
        constraints = [models.UniqueConstraint(fields=["county", "year", "week"], name="one_dispatch_week_per_county")]

    def __str__(self):
        return self.iso_week.label

    @property
    def iso_week(self):
        return Week(self.year, self.week)

    @property
    def is_locked(self):
        return self.locked_at is not None


class CalendarDay(models.Model):
    """A county's own exception to the working-day calendar: a local holiday, or a day worked in its place."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="calendar_days")
    day = models.DateField("日期")
    is_working = models.BooleanField("上班", default=False)
    note = models.CharField("说明", max_length=60)

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作日调整"
        ordering = ["county", "day"]
        constraints = [models.UniqueConstraint(fields=["county", "day"], name="calendar_day_once_per_county")]

    def __str__(self):
        return f"{self.day} {'上班' if self.is_working else '放假'}"
