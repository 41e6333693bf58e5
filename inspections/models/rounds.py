"""Quarterly inspection (一季一观摩): a round with its route of stops, its judges, their scores, and what was found."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models import County
from accounts.roles import Right, has_right
from accounts.scoping import CountyQuerySet
from portfolio.models import AnnualPlan, Problem
from portfolio.models.changes import tracked_history


class RoundState(models.TextChoices):
    PLANNED = "planned", "筹备"
    OPEN = "open", "进行中"
    CLOSED = "closed", "已结束"


class RoundQuerySet(CountyQuerySet):
    def scored_by(self, user):
        """The rounds whose stops this user scores: open ones, on which the user is a judge."""
        if not has_right(user, Right.SCORE_STOPS):
            return self.none()
        return self.visible_to(user).filter(state=RoundState.OPEN, judges__user=user)

    def run_by(self, user):
        """The rounds that this user organises (项目办)."""
        return self.visible_to(user) if has_right(user, Right.RUN_ROUNDS) else self.none()


class Round(models.Model):
    """One inspection of a quarter (观摩). It takes scores while it is open; a closed one takes no more.

    `reopening` says why it was opened again after it had been closed, the last time.
    """

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    quarter = models.PositiveSmallIntegerField("季度", validators=[MinValueValidator(1), MaxValueValidator(4)])
    title = models.CharField("名称", max_length=80)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    words = models.TextField("观摩安排", max_length=2000, blank=True)
    drops_extremes = models.BooleanField("去掉一个最高分和一个最低分", default=True, help_text="评委不足 5 人时不去掉")
    state = models.CharField("状态", max_length=8, choices=RoundState, default=RoundState.PLANNED)
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    reopening = models.CharField("重新开放的原因", max_length=200, blank=True)
    row_version = models.PositiveIntegerField("行版本", default=1, editable=False)

    objects = RoundQuerySet.as_manager()
    history = tracked_history()

    class Meta:
        verbose_name = verbose_name_plural = "季度观摩"
        ordering = ["-year", "-quarter", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="round_quarter"),
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="round_ends_after_start"),
        ]

    def __str__(self):
        return self.title

    @property
    def period(self):
        """`2024年第二季度`."""
        return f"{self.year}年第{'一二三四'[self.quarter - 1]}季度"


class Criterion(models.Model):
    """A line of the scoring sheet (评分项); the weights of a round add up to 100."""

    round = models.ForeignKey(Round, models.CASCADE, verbose_name="观摩", related_name="criteria")
    seq = models.PositiveSmallIntegerField("顺序")
    name = models.CharField("评分项", max_length=40)
    hint = models.CharField("评分要点", max_length=200, blank=True)
    weight = models.PositiveSmallIntegerField("满分", validators=[MinValueValidator(1), MaxValueValidator(100)])

    class Meta:
        verbose_name = verbose_name_plural = "评分项"
        ordering = ["round", "seq"]
        constraints = [models.UniqueConstraint(fields=["round", "name"], name="criterion_once_per_round")]

    def __str__(self):
        return f"{self.name}（{self.weight} 分）"

    @property
    def quick_points(self):
        """What a judge's phone offers for one tap: full points and 90, 80, 70, 60 % of them, whole ones, each once."""
        return list(dict.fromkeys((self.weight * share + 50) // 100 for share in (100, 90, 80, 70, 60)))


class Stop(models.Model):
    """A project on the route (观摩点), tiny ones too; `seq` is the order of the route."""

    round = models.ForeignKey(Round, models.PROTECT, verbose_name="观摩", related_name="stops")
    plan = models.ForeignKey(AnnualPlan, models.PROTECT, verbose_name="年度计划", related_name="stops")
    seq = models.PositiveSmallIntegerField("顺序")
    look_at = models.CharField("看点", max_length=300, blank=True)
    presenter = models.CharField("介绍人", max_length=40, blank=True)
    visited_on = models.DateField("观摩日期", null=True, blank=True)
    row_version = models.PositiveIntegerField("行版本", default=1, editable=False)

    history = tracked_history()

    class Meta:
        verbose_name = verbose_name_plural = "观摩点"
        ordering = ["round", "seq", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "plan"], name="stop_once_per_round")]

    def __str__(self):
        return f"{self.seq}. {self.plan.project}"


class Judge(models.Model):
    """Who scores a round (评委)."""

    round = models.ForeignKey(Round, models.PROTECT, verbose_name="观摩", related_name="judges")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="评委", related_name="judged_rounds"
    )

    class Meta:
        verbose_name = verbose_name_plural = "评委"
        ordering = ["round", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "user"], name="judge_once_per_round")]

    def __str__(self):
        return str(self.user)


class ScoreSheet(models.Model):
    """What a judge says of a stop: points for every criterion, in one go; kept until the round is closed."""

    judge = models.ForeignKey(Judge, models.PROTECT, verbose_name="评委", related_name="sheets")
    stop = models.ForeignKey(Stop, models.PROTECT, verbose_name="观摩点", related_name="sheets")
    points = models.JSONField("得分", help_text="{评分项编号: 分}，每项 0 到满分，可有一位小数")
    words = models.CharField("评语", max_length=300, blank=True)
    scored_at = models.DateTimeField("评分时间")
    row_version = models.PositiveIntegerField("行版本", default=1, editable=False)

    history = tracked_history()

    class Meta:
        verbose_name = verbose_name_plural = "评分表"
        ordering = ["stop", "judge"]
        constraints = [models.UniqueConstraint(fields=["judge", "stop"], name="one_sheet_per_judge_and_stop")]

    def __str__(self):
        return f"{self.judge} 评 {self.stop}"


class Finding(models.Model):
    """What was seen at a stop: a strength, or a defect that became a problem."""

    class Kind(models.TextChoices):
        STRENGTH = "strength", "亮点"
        DEFECT = "defect", "问题"

    stop = models.ForeignKey(Stop, models.PROTECT, verbose_name="观摩点", related_name="findings")
    kind = models.CharField("类别", max_length=8, choices=Kind)
    text = models.CharField("内容", max_length=500)
    problem = models.OneToOneField(
        Problem, models.PROTECT, verbose_name="问题", null=True, blank=True, related_name="found_at"
    )
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="记录人", null=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "观摩发现"
        ordering = ["stop", "pk"]

    def __str__(self):
        return self.text
