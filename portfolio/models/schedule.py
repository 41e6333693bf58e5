"""The schedule of a plan (工期计划): milestones, monthly targets, what was changed and why, pauses.

Until the project office approves a schedule it is edited freely. From then on the first plan (`original_*`) never
moves; every change is a 更正 (a correction) or a 延期 (a real slip) with its reason.
"""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import County, Unit
from accounts.scoping import CountyQuerySet
from portfolio.models.changes import ChangeSet, tracked_history
from portfolio.models.register import AnnualPlan, money_field


class Schedule(models.Model):
    """What a plan's schedule is as a whole: its template, whether it is approved, and the version of its page."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    plan = models.OneToOneField(AnnualPlan, models.PROTECT, verbose_name="年度计划", related_name="schedule")
    template = models.CharField("模板", max_length=20, blank=True)
    approved_at = models.DateTimeField("审定时间", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="审定人", null=True, blank=True, related_name="+"
    )
    row_version = models.PositiveIntegerField("行版本", default=1, editable=False)

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工期计划"

    def __str__(self):
        return f"{self.plan.project}的工期计划"

    @property
    def is_approved(self):
        return self.approved_at is not None


class Milestone(models.Model):
    """A node of the schedule (工期节点). `original_due` is the first approved plan, `due` the latest."""

    class Kind(models.TextChoices):
        START = "start", "开工"
        NODE = "node", "节点"
        FINISH = "finish", "竣工"

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    plan = models.ForeignKey(AnnualPlan, models.PROTECT, verbose_name="年度计划", related_name="milestones")
    seq = models.PositiveSmallIntegerField("顺序", default=0)
    name = models.CharField("节点", max_length=80)
    kind = models.CharField("类型", max_length=6, choices=Kind, default=Kind.NODE)
    weight = models.DecimalField(
        "权重%",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="责任单位", null=True, blank=True, related_name="+")
    original_due = models.DateField("原计划完成")
    due = models.DateField("计划完成")
    done_on = models.DateField("实际完成", null=True, blank=True)
    evidence = models.CharField("完成依据", max_length=300, blank=True)
    row_version = models.PositiveIntegerField("行版本", default=1, editable=False)

    objects = CountyQuerySet.as_manager()
    history = tracked_history()

    class Meta:
        verbose_name = verbose_name_plural = "工期节点"
        ordering = ["plan", "seq", "due", "pk"]
        indexes = [models.Index(fields=["county", "due"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(weight__range=(0, 100)), name="milestone_weight_range"
            )
        ]

    def __str__(self):
        return self.name


class MonthlyTarget(models.Model):
    """Planned investment of one month (月度计划投资), 万元; `original_amount` is the first approved plan."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    plan = models.ForeignKey(AnnualPlan, models.PROTECT, verbose_name="年度计划", related_name="monthly_targets")
    month = models.PositiveSmallIntegerField("月份", validators=[MinValueValidator(1), MaxValueValidator(12)])
    original_amount = models.DecimalField("原月度计划", max_digits=14, decimal_places=2)
    amount = models.DecimalField("月度计划", max_digits=14, decimal_places=2)
    row_version = models.PositiveIntegerField("行版本", default=1, editable=False)

    objects = CountyQuerySet.as_manager()
    history = tracked_history()

    class Meta:
        verbose_name = verbose_name_plural = "月度计划投资"
        ordering = ["plan", "month"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "month"], name="one_target_per_plan_and_month"),
            models.CheckConstraint(condition=Q(month__range=(1, 12)), name="monthly_target_month"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, original_amount__gte=0), name="monthly_target_not_negative"
            ),
        ]

    def __str__(self):
        return f"{self.month}月"


class ChangeReason(models.TextChoices):
    """Why an approved schedule moves: a closed list, so that reasons can be counted; words go beside it."""

    LAND = "land", "用地征拆"
    PERMIT = "permit", "手续办理"
    FUNDS = "funds", "资金到位"
    DESIGN = "design", "设计变更"
    SUPPLY = "supply", "材料设备供应"
    CONSTRUCTION = "build", "施工组织"
    WEATHER = "weather", "天气和冬季停工"
    POLICY = "policy", "政策调整"
    FORCE_MAJEURE = "force", "不可抗力"
    TYPO = "typo", "原填写有误"
    OTHER = "other", "其他"


class ScheduleChange(models.Model):
    """One change of an approved schedule: which milestone or month went from what to what, as what, and why."""

    class Kind(models.TextChoices):
        CORRECTION = "correct", "更正"
        DELAY = "delay", "延期"

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    plan = models.ForeignKey(AnnualPlan, models.PROTECT, verbose_name="年度计划", related_name="schedule_changes")
    milestone = models.ForeignKey(
        Milestone, models.SET_NULL, verbose_name="节点", null=True, blank=True, related_name="changes"
    )
    month = models.PositiveSmallIntegerField("月份", null=True, blank=True)
    what = models.CharField("内容", max_length=200)
    kind = models.CharField("性质", max_length=8, choices=Kind)
    reason = models.CharField("原因", max_length=8, choices=ChangeReason)
    words = models.CharField("说明", max_length=500)
    due_before = models.DateField("原计划完成", null=True, blank=True)
    due_after = models.DateField("改为", null=True, blank=True)
    amount_before = money_field("原月度计划")
    amount_after = money_field("改为（万元）")
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="操作人", null=True, related_name="+"
    )
    change_set = models.ForeignKey(ChangeSet, models.PROTECT, verbose_name="改动", related_name="+")

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工期变更"
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.get_kind_display()}：{self.what}"


class PauseReason(models.TextChoices):
    FUNDS = "funds", "资金未到位"
    LAND = "land", "用地未落实"
    PERMIT = "permit", "手续未办结"
    MARKET = "market", "市场变化"
    OWNER = "owner", "业主原因"
    SAFETY = "safety", "安全或环保整改"
    OTHER = "other", "其他"


class PauseQuerySet(CountyQuerySet):
    def standing(self):
        return self.filter(resumed_on__isnull=True)


class Pause(models.Model):
    """A project stands still (停缓建) for a reason until it is resumed; by `review_on` somebody looks at it again."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    plan = models.ForeignKey(AnnualPlan, models.PROTECT, verbose_name="年度计划", related_name="pauses")
    reason = models.CharField("停缓建原因", max_length=8, choices=PauseReason)
    words = models.CharField("说明", max_length=500)
    paused_on = models.DateField("停缓建日期")
    review_on = models.DateField("复核日期")
    resumed_on = models.DateField("复工日期", null=True, blank=True)
    resumed_words = models.CharField("复工说明", max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="操作人", null=True, related_name="+"
    )
    row_version = models.PositiveIntegerField("行版本", default=1, editable=False)

    objects = PauseQuerySet.as_manager()
    # Paused and resumed are often noted days later, and a past day's page must not know of it.
    history = tracked_history()

    class Meta:
        verbose_name = verbose_name_plural = "停缓建"
        ordering = ["-paused_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan"], condition=Q(resumed_on__isnull=True), name="one_standing_pause_per_plan"
            ),
            models.CheckConstraint(condition=Q(review_on__gte=F("paused_on")), name="pause_reviewed_later"),
            models.CheckConstraint(
                condition=Q(resumed_on__isnull=True) | Q(resumed_on__gte=F("paused_on")), name="pause_resumed_later"
            ),
        ]

    def __str__(self):
        return f"{self.plan.project}停缓建"
