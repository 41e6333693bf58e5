"""Four looks (四看): what is asked of a project at each stage, and what an inspector found on site."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.models import County
from accounts.roles import Right, has_right
from accounts.scoping import CountyQuerySet
from portfolio.models import AnnualPlan, Problem
from portfolio.models.changes import tracked_history
from portfolio.models.judging import Version, VersionQuerySet
from portfolio.models.problems import ProblemKind
from portfolio.models.register import Stage


class Look(models.TextChoices):
    """What is looked at, by the stage of the project."""

    RESERVE = "reserve", "看储备"
    REGISTRATION = "registration", "看入统"
    PROGRESS = "progress", "看进展"
    EFFECT = "effect", "看效果"

    @property
    def stage(self):
        return dict(zip(Look, Stage, strict=True))[self]

    @classmethod
    def of(cls, stage):
        """The look of a project's stage; None where the stage is not known."""
        return dict(zip(Stage, Look, strict=True)).get(stage)


class Checklist(Version):
    """One version of the questions of a look (四看清单), in force from `since`. Never changed."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="checklists")
    look = models.CharField("四看", max_length=12, choices=Look)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "四看清单"
        ordering = ["county", "look", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["county", "look", "version"], name="checklist_version_once_per_look")
        ]

    def __str__(self):
        return f"{self.get_look_display()}清单第 {self.version} 版"


class ChecklistItem(models.Model):
    """A question to be answered 是, 否 or 不涉及. `known_by` names the fact of the register that answers it already.

    A "no" becomes a problem of this kind with this measure, to be closed within `days`.
    """

    checklist = models.ForeignKey(Checklist, models.CASCADE, verbose_name="清单", related_name="items")
    seq = models.PositiveSmallIntegerField("顺序")
    key = models.SlugField("代号", max_length=20, help_text="各版之间同一问题的代号不变")
    question = models.CharField("检查内容", max_length=120)
    hint = models.CharField("怎样判断", max_length=200, blank=True)
    known_by = models.CharField("已知数据", max_length=20, blank=True)
    kind = models.CharField("问题类型", max_length=8, choices=ProblemKind, default=ProblemKind.OTHER)
    measure = models.CharField("建议措施", max_length=200, blank=True)
    days = models.PositiveSmallIntegerField(
        "整改天数", default=7, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )

    class Meta:
        verbose_name = verbose_name_plural = "检查内容"
        ordering = ["checklist", "seq"]
        constraints = [models.UniqueConstraint(fields=["checklist", "key"], name="checklist_item_key_once")]

    def __str__(self):
        return self.question


class SupervisionCheckQuerySet(CountyQuerySet):
    def done(self):
        return self.filter(state=SupervisionCheck.State.DONE)

    def readable_by(self, user):
        """What was handed in is read by everybody; a draft by who is writing it."""
        own = models.Q(inspector=user) if has_right(user, Right.CHECK_SITES) else models.Q(pk=None)
        return self.visible_to(user).filter(models.Q(state=SupervisionCheck.State.DONE) | own)

    def writable_by(self, user):
        """The own drafts; what was handed in is closed to everybody."""
        if not has_right(user, Right.CHECK_SITES):
            return self.none()
        return self.visible_to(user).filter(inspector=user, state=SupervisionCheck.State.DRAFT)


class SupervisionCheck(models.Model):
    """One visit of an inspector with the stage's checklist (四看督导). A draft until it is handed in."""

    class State(models.TextChoices):
        DRAFT = "draft", "填写中"
        DONE = "done", "已提交"

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    plan = models.ForeignKey(AnnualPlan, models.PROTECT, verbose_name="年度计划", related_name="checks")
    checklist = models.ForeignKey(Checklist, models.PROTECT, verbose_name="清单", related_name="checks")
    day = models.DateField("督导日期")
    state = models.CharField("状态", max_length=6, choices=State, default=State.DRAFT)
    words = models.TextField("总体情况", max_length=1000, blank=True)
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="督查员", null=True, related_name="+"
    )
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    row_version = models.PositiveIntegerField("行版本", default=1, editable=False)

    objects = SupervisionCheckQuerySet.as_manager()
    history = tracked_history()

    class Meta:
        verbose_name = verbose_name_plural = "四看督导"
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["county", "state", "-day"])]
        constraints = [
            models.UniqueConstraint(fields=["plan", "inspector", "day"], name="one_check_per_inspector_and_day")
        ]

    def __str__(self):
        return f"{self.plan.project} {self.day} {self.checklist.get_look_display()}"


class CheckAnswer(models.Model):
    """An answer, with what the register knew at that moment; `problem` is what a "no" became.

    A "no" that was said before is the same problem until that is closed. In a draft a question may have words and no
    answer yet.
    """

    class Answer(models.TextChoices):
        YES = "yes", "是"
        NO = "no", "否"
        NOT_NEEDED = "na", "不涉及"

    visit = models.ForeignKey(SupervisionCheck, models.CASCADE, verbose_name="督导", related_name="answers")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, verbose_name="检查内容", related_name="answers")
    answer = models.CharField("结果", max_length=3, choices=Answer, blank=True)
    known = models.CharField("系统已知", max_length=200, blank=True)
    words = models.CharField("情况说明", max_length=500, blank=True)
    measure = models.CharField("措施", max_length=500, blank=True)
    deadline = models.DateField("整改时限", null=True, blank=True)
    problem = models.ForeignKey(
        Problem, models.PROTECT, verbose_name="问题", null=True, blank=True, related_name="found_by"
    )

    class Meta:
        verbose_name = verbose_name_plural = "检查结果"
        ordering = ["visit", "item__seq"]
        constraints = [models.UniqueConstraint(fields=["visit", "item"], name="one_answer_per_item")]

    def __str__(self):
        return f"{self.item} {self.get_answer_display()}"
