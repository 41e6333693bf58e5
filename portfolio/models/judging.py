"""How projects are judged: the thresholds in force, the responsible person's own judgement, lights as they were."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models import County
from accounts.roles import Right, Role, has_right
from accounts.scoping import CountyQuerySet
from portfolio.models.register import AnnualPlan


class Light(models.TextChoices):
    """A light is always a word and a shape beside its colour."""

    RED = "red", "严重滞后"
    YELLOW = "yellow", "滞后"
    GREY = "grey", "停缓建或无计划"
    GREEN = "green", "正常"

    @property
    def colour(self):
        return {"red": "红", "yellow": "黄", "grey": "灰", "green": "绿"}[self.value]

    @property
    def shape(self):
        return {"red": "■", "yellow": "▲", "grey": "○", "green": "●"}[self.value]

    @property
    def severity(self):
        """0 is the worst. What cannot be judged stands before green: not known is never well."""
        return list(Light).index(self)


class Bucket(models.TextChoices):
    """Under what a plan is counted: a light that was judged, or why none could be. The worst stands first."""

    RED = "red", "红灯"
    YELLOW = "yellow", "黄灯"
    NOT_REPORTED = "not_reported", "未报送"
    NO_DATE = "no_date", "无开工时间"
    NO_PLAN = "no_plan", "无年度计划"
    PAUSED = "paused", "停缓建"
    FINISHED = "finished", "已竣工"
    GREEN = "green", "绿灯"

    @property
    def light(self):
        return Light(self.value) if self.value in Light.values else Light.GREY


class Yardstick(models.TextChoices):
    """How investment is held against the calendar: by their difference, or by their ratio."""

    POINTS = "points", "百分点差（完成率与序时进度之差）"
    RATIO = "ratio", "相对比（完成率÷序时进度）"


class VersionQuerySet(CountyQuerySet):
    def begun(self, county, day):
        """The versions that have begun by the end of `day`; the first of them holds."""
        return self.filter(county=county, since__lte=day).order_by("-since", "-version")

    def in_force(self, county, day):
        """The version that holds at the end of `day`; None where the default does."""
        return self.begun(county, day).first()


class Version(models.Model):
    """Base of rules that are data: a version is never changed, it holds from `since` until the next."""

    version = models.PositiveSmallIntegerField("版本", validators=[MinValueValidator(1)])
    since = models.DateField("自何日起执行")
    words = models.CharField("调整说明", max_length=300)
    made_at = models.DateTimeField("制定时间")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="制定人", null=True, related_name="+"
    )

    class Meta:
        abstract = True


def _hundredths(label, default):
    """Percent, or percentage points."""
    return models.DecimalField(
        label,
        max_digits=5,
        decimal_places=2,
        default=Decimal(default),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )


class LightRule(Version):
    """One version of the thresholds (亮灯规则), in force from `since` until the next; version 0 is the default.

    Never changed: a new version is made instead, so that every stored light can name the rule that made it.
    """

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="light_rules")
    yardstick = models.CharField("尺度", max_length=6, choices=Yardstick, default=Yardstick.POINTS)
    yellow_points = _hundredths("落后多少个百分点为黄灯", default=10)
    red_points = _hundredths("落后多少个百分点为红灯", default=30)
    yellow_ratio = _hundredths("低于序时的百分之几为黄灯", default=80)
    red_ratio = _hundredths("低于序时的百分之几为红灯", default=60)
    year_factor = models.DecimalField(
        "年度目标系数",
        max_digits=4,
        decimal_places=2,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal("0.5")), MaxValueValidator(Decimal("2"))],
        help_text="1 表示按年度计划的 100% 要求；惠东 2022 年按 120% 要求，填 1.2",
    )
    grace_months = models.PositiveSmallIntegerField(
        "年初宽限月数",
        default=0,
        validators=[MaxValueValidator(6)],
        help_text="年初满这么多个月以前，不按投资进度亮黄灯、红灯",
    )
    start_red_months = models.PositiveSmallIntegerField(
        "逾期未开工满几个月为红灯", default=3, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    registration_yellow_months = models.PositiveSmallIntegerField(
        "开工满几个月未入统为黄灯", default=1, validators=[MinValueValidator(0), MaxValueValidator(12)]
    )
    registration_red_months = models.PositiveSmallIntegerField(
        "开工满几个月未入统为红灯", default=2, validators=[MinValueValidator(1), MaxValueValidator(24)]
    )
    registration_from = models.DecimalField(
        "起统投资额",
        max_digits=14,
        decimal_places=2,
        default=Decimal(500),
        help_text="万元，总投资不足此数的不要求入统",
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "亮灯规则"
        ordering = ["county", "-version"]
        constraints = [models.UniqueConstraint(fields=["county", "version"], name="light_rule_version_once")]

    def __str__(self):
        return f"第 {self.version} 版亮灯规则"


class OwnLightQuerySet(CountyQuerySet):
    def known_at(self, moment):
        return self.filter(at__lte=moment)


def plans_judged_by(user):
    """The plans whose own judgement this user may give: the unit's, the leader's own, all for the project office."""
    plans = AnnualPlan.objects.visible_to(user)
    if not has_right(user, Right.JUDGE_PROJECTS):
        return plans.none()
    if user.role == Role.REPORTER:
        return plans.filter(project__unit=user.unit_id) if user.unit_id else plans.none()
    return plans.filter(leader__user=user) if user.role == Role.LEADER else plans


class OwnLight(models.Model):
    """What the responsible person says of a plan (自评), beside the rule's light. Never changed; the latest counts."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    plan = models.ForeignKey(AnnualPlan, models.PROTECT, verbose_name="年度计划", related_name="own_lights")
    light = models.CharField(
        "自评", max_length=6, choices=[(light.value, light.label) for light in (Light.GREEN, Light.YELLOW, Light.RED)]
    )
    words = models.CharField("说明", max_length=200)
    at = models.DateTimeField("自评时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="自评人", null=True, related_name="+"
    )

    objects = OwnLightQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "项目自评"
        ordering = ["plan", "-at", "-pk"]
        indexes = [models.Index(fields=["county", "plan", "-at"])]

    def __str__(self):
        return f"{self.plan.project} 自评{Light(self.light).colour}灯"


class WeekLight(models.Model):
    """The light of a counted plan at the end of a week, as it was judged then and by which version of the rules.

    Written when the week is locked, and by `record_lights`; equal to what `portfolio.standings` says as of its Sunday.
    """

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    plan = models.ForeignKey(AnnualPlan, models.PROTECT, verbose_name="年度计划", related_name="week_lights")
    year = models.PositiveSmallIntegerField("年度")
    week = models.PositiveSmallIntegerField("周次")
    bucket = models.CharField("亮灯", max_length=12, choices=Bucket)
    reason = models.CharField("原因", max_length=300)
    rule_version = models.PositiveSmallIntegerField("规则版本", default=0)

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "每周亮灯"
        ordering = ["year", "week", "plan"]
        indexes = [models.Index(fields=["county", "year", "week"])]
        constraints = [
            models.UniqueConstraint(fields=["plan", "year", "week"], name="one_light_per_plan_and_week"),
            models.CheckConstraint(condition=Q(week__range=(1, 53)), name="week_light_week_range"),
        ]

    def __str__(self):
        return f"{self.year}年第{self.week}周 {self.get_bucket_display()}"

    @property
    def light(self):
        return Bucket(self.bucket).light


class RankingWeights(Version):
    """One version of what rankings (红黑榜) count, in force from `since`; version 0 is the default. Never changed.

    `weights` is {part of the score: its weight}; what the parts are is `portfolio.rankings`' to say.
    """

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="ranking_weights")
    weights = models.JSONField("权重")
    least_projects = models.PositiveSmallIntegerField(
        "少于几个项目不排名", default=3, validators=[MinValueValidator(1), MaxValueValidator(50)]
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "排名权重"
        ordering = ["county", "-version"]
        constraints = [models.UniqueConstraint(fields=["county", "version"], name="ranking_weights_version_once")]

    def __str__(self):
        return f"第 {self.version} 版排名权重"
