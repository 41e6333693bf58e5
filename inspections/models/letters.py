"""Letters (督办文书): 提醒函 → 督办单 → 约谈通知, one matter rising; numbered, receipted, answered, closed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import County, Unit
from accounts.roles import Right, has_right
from accounts.scoping import CountyQuerySet
from inspections.models.meetings import Matter
from portfolio.models import AnnualPlan, Problem
from portfolio.models.changes import tracked_history

# What a letter may be about: the names of its fields.
ABOUT = ("plan", "problem", "matter")


class LetterKind(models.TextChoices):
    """From the mildest to the gravest."""

    REMINDER = "reminder", "提醒函"
    ORDER = "order", "督办单"
    TALK = "talk", "约谈通知"

    @property
    def next(self):
        """The step up; None from the last."""
        kinds = list(LetterKind)
        at = kinds.index(self) + 1
        return kinds[at] if at < len(kinds) else None


class LetterSeries(models.Model):
    """The words before the number of a kind of letter (发文字头), as 沁重项提; numbers run on within a year."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    kind = models.CharField("文种", max_length=8, choices=LetterKind)
    prefix = models.CharField("发文字头", max_length=20)
    sender = models.CharField("发文机关", max_length=60)

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "发文字头"
        ordering = ["county", "kind"]
        constraints = [models.UniqueConstraint(fields=["county", "kind"], name="letter_series_once_per_kind")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.prefix}"


class LetterState(models.TextChoices):
    DRAFT = "draft", "拟稿"
    ISSUED = "issued", "已发出"
    RECEIVED = "received", "已签收"
    ANSWERED = "answered", "已回复"
    CLOSED = "closed", "已办结"
    VOID = "void", "已作废"


# Nothing more is to be done. A void one keeps its number, which is never given again.
SETTLED = (LetterState.CLOSED, LetterState.VOID)


class LetterQuerySet(CountyQuerySet):
    def issued(self):
        return self.exclude(state=LetterState.DRAFT)

    def open(self):
        return self.issued().exclude(state__in=SETTLED)

    def overdue(self, today):
        return self.open().filter(deadline__lt=today).exclude(state=LetterState.ANSWERED)

    def readable_by(self, user):
        """Issued letters are everybody's to read; drafts are the project office's."""
        return self.visible_to(user) if has_right(user, Right.ISSUE_LETTERS) else self.visible_to(user).issued()

    def answerable_by(self, user):
        """Letters to the user's own unit, in whatever state: what may be done with them, `letter_steps` says."""
        if has_right(user, Right.ANSWER_MATTERS) and user.unit_id:
            return self.visible_to(user).issued().filter(unit=user.unit_id)
        return self.none()

    def manageable_by(self, user):
        return self.visible_to(user) if has_right(user, Right.ISSUE_LETTERS) else self.none()


class Letter(models.Model):
    """One letter to one unit. `raises` is the milder letter of the same matter that this one follows.

    A letter issued by mistake is void (作废): it stays in sight with its number and the reason.

    It is about exactly one of: a plan with a red light, an overdue problem, an overdue matter.
    """

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    kind = models.CharField("文种", max_length=8, choices=LetterKind)
    prefix = models.CharField("发文字头", max_length=20, blank=True)
    year = models.PositiveSmallIntegerField("发文年份", null=True, blank=True)
    number = models.PositiveIntegerField("序号", null=True, blank=True)
    sender = models.CharField("发文机关", max_length=60, blank=True)
    raises = models.ForeignKey(
        "self", models.PROTECT, verbose_name="由何文书升级", null=True, blank=True, related_name="risen"
    )
    plan = models.ForeignKey(
        AnnualPlan, models.PROTECT, verbose_name="年度计划", null=True, blank=True, related_name="letters"
    )
    problem = models.ForeignKey(
        Problem, models.PROTECT, verbose_name="问题", null=True, blank=True, related_name="letters"
    )
    matter = models.ForeignKey(
        Matter, models.PROTECT, verbose_name="交办事项", null=True, blank=True, related_name="letters"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="主送单位", related_name="letters")
    addressee = models.CharField("主送机关", max_length=80, blank=True, help_text="发文时主送单位的名称")
    title = models.CharField("标题", max_length=120)
    reason = models.CharField("缘由", max_length=500, help_text="发文时的亮灯原因、超期天数")
    body = models.TextField("正文", max_length=5000)
    state = models.CharField("状态", max_length=8, choices=LetterState, default=LetterState.DRAFT)
    issued_on = models.DateField("成文日期", null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="签发人", null=True, blank=True, related_name="+"
    )
    original_deadline = models.DateField("原回复时限")
    deadline = models.DateField("回复时限")
    asked_deadline = models.DateField("申请延至", null=True, blank=True)
    received_on = models.DateField("签收日期", null=True, blank=True)
    answered_on = models.DateField("回复日期", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    is_settled = models.BooleanField("整改到位", null=True, blank=True, help_text="办结时认定；未到位的可以升级")
    voided_on = models.DateField("作废日期", null=True, blank=True)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)
    row_version = models.PositiveIntegerField("行版本", default=1, editable=False)

    objects = LetterQuerySet.as_manager()
    history = tracked_history()

    class Meta:
        verbose_name = verbose_name_plural = "督办文书"
        ordering = ["-year", "kind", "-number", "-pk"]
        indexes = [models.Index(fields=["county", "state", "deadline"])]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "kind", "year", "number"],
                condition=Q(number__isnull=False),
                name="letter_number_once",
            ),
            models.UniqueConstraint(fields=["raises"], condition=~Q(state=LetterState.VOID), name="letter_raised_once"),
            models.CheckConstraint(
                condition=Q(state=LetterState.VOID, voided_on__isnull=False)
                | (~Q(state=LetterState.VOID) & Q(voided_on__isnull=True)),
                name="letter_void_has_day",
            ),
            models.CheckConstraint(
                condition=Q(plan__isnull=False, problem__isnull=True, matter__isnull=True)
                | Q(plan__isnull=True, problem__isnull=False, matter__isnull=True)
                | Q(plan__isnull=True, problem__isnull=True, matter__isnull=False),
                name="letter_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", number__isnull=True) | (~Q(state="draft") & Q(number__isnull=False)),
                name="letter_issued_has_number",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", addressee="") | (~Q(state="draft") & ~Q(addressee="")),
                name="letter_issued_has_addressee",
            ),
        ]

    def __str__(self):
        return f"{self.document_number} {self.title}".strip()

    @property
    def kind_after(self):
        return LetterKind(self.kind).next

    @property
    def raised_by(self):
        """The graver letter that this one has become, a draft too; None while there is none."""
        return self.risen.exclude(state=LetterState.VOID).first()

    @property
    def is_void(self):
        return self.state == LetterState.VOID

    @property
    def what(self):
        """Which of ABOUT it is about."""
        return next(name for name in ABOUT if getattr(self, f"{name}_id"))

    @property
    def about(self):
        """The plan, problem or matter itself."""
        return getattr(self, self.what)

    @property
    def project(self):
        """The project behind it; None for a matter that belongs to none."""
        return self.about.project

    @property
    def document_number(self):
        """The 发文字号, as 沁重项提〔2024〕5号 (GB/T 9704: no leading zeros); empty for a draft."""
        return f"{self.prefix}〔{self.year}〕{self.number}号" if self.number else ""


class LetterEvent(models.Model):
    """What happened to a letter, in order."""

    class Kind(models.TextChoices):
        DRAFTED = "drafted", "拟稿"
        ISSUED = "issued", "发出"
        RECEIVED = "received", "签收"
        ANSWERED = "answered", "回复"
        SENT_BACK = "back", "退回重办"
        EXTENSION_ASKED = "ask_ext", "申请延期"
        EXTENDED = "extended", "同意延期"
        EXTENSION_REFUSED = "no_ext", "不同意延期"
        RAISED = "raised", "升级"
        CLOSED = "closed", "办结"
        EDITED = "edited", "改稿"
        VOIDED = "voided", "作废"
        RISE_VOIDED = "unraised", "升级作废"

    letter = models.ForeignKey(Letter, models.CASCADE, verbose_name="文书", related_name="events")
    kind = models.CharField("事由", max_length=8, choices=Kind)
    text = models.TextField("内容", max_length=2000, blank=True)
    deadline_before = models.DateField("原时限", null=True, blank=True)
    deadline_after = models.DateField("改为", null=True, blank=True)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="操作人", null=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "文书经过"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
