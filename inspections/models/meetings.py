"""Monthly follow-through (一月一落实): meetings, and the matters (事项) they decide, followed until they are done."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models import County, Unit
from accounts.roles import Right, has_right
from accounts.scoping import CountyQuerySet
from portfolio.models import Leader, Problem, Project
from portfolio.models.changes import tracked_history


class MeetingQuerySet(CountyQuerySet):
    def issued(self):
        return self.filter(state=Meeting.State.CLOSED)

    def manageable_by(self, user):
        return self.visible_to(user) if has_right(user, Right.RUN_MEETINGS) else self.none()

    def readable_by(self, user):
        """Issued minutes are everybody's to read; a meeting that is being prepared is the project office's."""
        return self.visible_to(user) if has_right(user, Right.RUN_MEETINGS) else self.visible_to(user).issued()


class Meeting(models.Model):
    """A meeting of the month (月落实会议). Its matters may still be written until it is closed (印发纪要).

    Closing freezes `opening`: how the matters decided before stood, as [{field of matters.Opening: text}].
    """

    class State(models.TextChoices):
        OPEN = "open", "筹备和记录中"
        CLOSED = "closed", "已印发纪要"

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    title = models.CharField("会议名称", max_length=120)
    year = models.PositiveSmallIntegerField("年度")
    month = models.PositiveSmallIntegerField("月份", validators=[MinValueValidator(1), MaxValueValidator(12)])
    held_on = models.DateField("会议日期")
    place = models.CharField("地点", max_length=80, blank=True)
    chair = models.CharField("主持人", max_length=60)
    present = models.TextField("参会人员", max_length=1000, blank=True)
    words = models.TextField("会议议定概要", max_length=5000, blank=True)
    state = models.CharField("状态", max_length=6, choices=State, default=State.OPEN)
    closed_at = models.DateTimeField("印发时间", null=True, blank=True)
    opening = models.JSONField("上次议定事项落实情况", default=list, blank=True, editable=False)
    row_version = models.PositiveIntegerField("行版本", default=1, editable=False)

    objects = MeetingQuerySet.as_manager()
    history = tracked_history()

    class Meta:
        verbose_name = verbose_name_plural = "月落实会议"
        ordering = ["-held_on", "-pk"]

    def __str__(self):
        return self.title


class MatterState(models.TextChoices):
    OPEN = "open", "办理中"
    CLOSING = "closing", "申请办结"
    DONE = "done", "已办结"
    DROPPED = "dropped", "不再办理"
    REVOKED = "revoked", "已撤销"


# Nothing more is to be done. One that was revoked had been assigned by mistake, and is counted nowhere.
SETTLED = (MatterState.DONE, MatterState.DROPPED, MatterState.REVOKED)


class MatterQuerySet(CountyQuerySet):
    def in_force(self):
        """Handed out: the minutes are issued, or it was assigned on the spot."""
        return self.filter(Q(stop__isnull=False) | Q(meeting__state=Meeting.State.CLOSED))

    def open(self):
        return self.in_force().exclude(state__in=SETTLED)

    def overdue(self, today):
        return self.open().filter(deadline__lt=today)

    def readable_by(self, user):
        return self.visible_to(user) if has_right(user, Right.RUN_MEETINGS) else self.visible_to(user).in_force()

    def manageable_by(self, user):
        return self.visible_to(user) if has_right(user, Right.RUN_MEETINGS) else self.none()

    def answerable_by(self, user):
        """The matters that this user reports on: the own unit's; all for the project office."""
        if has_right(user, Right.RUN_MEETINGS):
            return self.visible_to(user)
        if has_right(user, Right.ANSWER_MATTERS) and user.unit_id:
            return self.visible_to(user).in_force().filter(unit=user.unit_id)
        return self.none()


class Matter(models.Model):
    """What was decided: who does what by when. From a meeting, or assigned on the spot of an inspection."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    meeting = models.ForeignKey(
        Meeting, models.PROTECT, verbose_name="会议", null=True, blank=True, related_name="matters"
    )
    stop = models.ForeignKey(
        "inspections.Stop", models.PROTECT, verbose_name="观摩点", null=True, blank=True, related_name="matters"
    )
    seq = models.PositiveSmallIntegerField("序号", default=1)
    text = models.TextField("议定事项", max_length=1000)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="责任单位", related_name="matters")
    person = models.CharField("责任人", max_length=40, blank=True)
    leader = models.ForeignKey(
        Leader, models.PROTECT, verbose_name="牵头领导", null=True, blank=True, related_name="matters"
    )
    project = models.ForeignKey(
        Project, models.PROTECT, verbose_name="项目", null=True, blank=True, related_name="matters"
    )
    problem = models.ForeignKey(
        Problem, models.PROTECT, verbose_name="问题", null=True, blank=True, related_name="matters"
    )
    decided_on = models.DateField("议定日期")
    original_deadline = models.DateField("原办结时限")
    deadline = models.DateField("办结时限")
    state = models.CharField("状态", max_length=8, choices=MatterState, default=MatterState.OPEN)
    settled_on = models.DateField("办结日期", null=True, blank=True)
    row_version = models.PositiveIntegerField("行版本", default=1, editable=False)

    objects = MatterQuerySet.as_manager()
    history = tracked_history()

    class Meta:
        verbose_name = verbose_name_plural = "交办事项"
        ordering = ["deadline", "pk"]
        indexes = [models.Index(fields=["county", "state", "deadline"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(meeting__isnull=False, stop__isnull=True) | Q(meeting__isnull=True, stop__isnull=False),
                name="matter_has_one_origin",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SETTLED, settled_on__isnull=False)
                | (~Q(state__in=SETTLED) & Q(settled_on__isnull=True)),
                name="matter_settled_has_day",
            ),
        ]

    def __str__(self):
        return self.text if len(self.text) <= 40 else f"{self.text[:39]}…"

    @property
    def is_in_force(self):
        return self.meeting is None or self.meeting.state == Meeting.State.CLOSED

    @property
    def origin(self):
        """Where it was decided, in words."""
        return str(self.meeting) if self.meeting else f"{self.stop.round}（{self.stop.plan.project}）"


class MatterEvent(models.Model):
    """What happened to a matter, in order."""

    class Kind(models.TextChoices):
        DECIDED = "decided", "议定"
        ANSWERED = "answered", "反馈"
        EXTENDED = "extended", "延期"
        CLOSING_ASKED = "ask_end", "申请办结"
        SENT_BACK = "back", "退回办理"
        DONE = "done", "办结"
        DROPPED = "dropped", "不再办理"
        REVOKED = "revoked", "撤销"
        REOPENED = "reopened", "恢复办理"
        EDITED = "edited", "修改"

    matter = models.ForeignKey(Matter, models.CASCADE, verbose_name="事项", related_name="events")
    kind = models.CharField("事由", max_length=8, choices=Kind)
    text = models.TextField("内容", max_length=1000, blank=True)
    deadline_before = models.DateField("原时限", null=True, blank=True)
    deadline_after = models.DateField("改为", null=True, blank=True)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="操作人", null=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "事项经过"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
