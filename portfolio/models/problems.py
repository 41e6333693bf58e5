"""The list of problems (问题清单): raised, assigned, answered, and open until they are closed out (销号)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import County, Unit
from accounts.roles import Right, has_right
from accounts.scoping import CountyQuerySet
from portfolio.models.changes import tracked_history
from portfolio.models.register import Project


class ProblemKind(models.TextChoices):
    LAND = "land", "用地"
    DEMOLITION = "demolish", "征拆"
    PERMIT = "permit", "手续"
    FUNDS = "funds", "资金"
    FACTOR = "factor", "要素保障"
    CONSTRUCTION = "build", "施工组织"
    DESIGN = "design", "设计变更"
    SUPPLY = "supply", "材料设备"
    SAFETY = "safety", "安全环保"
    OTHER = "other", "其他"


class ProblemState(models.TextChoices):
    RAISED = "raised", "待交办"
    ASSIGNED = "assigned", "办理中"
    CLOSING = "closing", "申请销号"
    CLOSED = "closed", "已销号"


class ProblemQuerySet(CountyQuerySet):
    def open(self):
        return self.exclude(state=ProblemState.CLOSED)

    def overdue(self, today):
        return self.open().filter(deadline__lt=today)

    def answerable_by(self, user):
        """Problems that this user may answer, ask to extend and ask to close: the responsible or the project's unit."""
        if has_right(user, Right.MANAGE_PROBLEMS):
            return self.visible_to(user)
        if has_right(user, Right.ANSWER_PROBLEMS) and user.unit_id:
            return self.visible_to(user).filter(Q(unit=user.unit_id) | Q(project__unit=user.unit_id))
        return self.none()

    def manageable_by(self, user):
        return self.visible_to(user) if has_right(user, Right.MANAGE_PROBLEMS) else self.none()


class Problem(models.Model):
    """One matter, one responsible unit, one clock (13710): `deadline` moves only by a granted extension."""

    class Source(models.TextChoices):
        DISPATCH = "dispatch", "周调度"
        OFFICE = "office", "项目办"
        UNIT = "unit", "单位上报"
        SITE = "site", "现场督导"
        MEETING = "meeting", "会议"

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="problems")
    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="problems")
    raised_in = models.OneToOneField(
        "WeeklyDispatch", models.PROTECT, verbose_name="出自周调度", null=True, blank=True, related_name="raised"
    )
    source = models.CharField("来源", max_length=8, choices=Source, default=Source.OFFICE)
    kind = models.CharField("类型", max_length=8, choices=ProblemKind, default=ProblemKind.OTHER)
    is_complex = models.BooleanField("重大复杂", default=False, help_text="一般问题 7 天办结，重大复杂问题 30 天办结")
    text = models.TextField("问题", max_length=2000)
    needs_help = models.TextField("需协调事项", max_length=2000, blank=True)
    measure = models.TextField("措施", max_length=2000, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="责任单位", null=True, blank=True, related_name="problems"
    )
    person = models.CharField("责任人", max_length=40, blank=True)
    phone = models.CharField("联系电话", max_length=40, blank=True)

    state = models.CharField("状态", max_length=8, choices=ProblemState, default=ProblemState.RAISED)
    raised_on = models.DateField("提出日期")
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="提出人", null=True, related_name="+"
    )
    assigned_on = models.DateField("交办日期", null=True, blank=True)
    answered_on = models.DateField("首次反馈日期", null=True, blank=True)
    original_deadline = models.DateField("原办结时限")
    deadline = models.DateField("办结时限")
    asked_deadline = models.DateField("申请延至", null=True, blank=True)
    closed_on = models.DateField("销号日期", null=True, blank=True)
    row_version = models.PositiveIntegerField("行版本", default=1, editable=False)

    objects = ProblemQuerySet.as_manager()
    history = tracked_history()

    class Meta:
        verbose_name = verbose_name_plural = "问题"
        ordering = ["deadline", "pk"]
        indexes = [models.Index(fields=["county", "state", "deadline"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ProblemState.CLOSED, closed_on__isnull=False)
                | (~Q(state=ProblemState.CLOSED) & Q(closed_on__isnull=True)),
                name="problem_closed_has_day",
            )
        ]

    def __str__(self):
        return self.text if len(self.text) <= 40 else f"{self.text[:39]}…"


class ProblemEvent(models.Model):
    """What happened to a problem, in order: an answer, an extension, a request to close, a check."""

    class Kind(models.TextChoices):
        RAISED = "raised", "提出"
        ASSIGNED = "assigned", "交办"
        ANSWERED = "answered", "反馈"
        EXTENSION_ASKED = "ask_ext", "申请延期"
        EXTENDED = "extended", "同意延期"
        EXTENSION_REFUSED = "no_ext", "不同意延期"
        CLOSING_ASKED = "ask_end", "申请销号"
        SENT_BACK = "back", "退回办理"
        CLOSED = "closed", "销号"
        REOPENED = "reopened", "重新打开"
        EDITED = "edited", "修改"

    problem = models.ForeignKey(Problem, models.CASCADE, verbose_name="问题", related_name="events")
    kind = models.CharField("事项", max_length=8, choices=Kind)
    text = models.TextField("内容", max_length=2000, blank=True)
    deadline_before = models.DateField("原时限", null=True, blank=True)
    deadline_after = models.DateField("改为", null=True, blank=True)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="操作人", null=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "问题经过"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
