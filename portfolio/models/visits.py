"""Leaders' visits on site (包联走访): who went where, and what was said there."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import County
from accounts.roles import Right, Role, has_right
from accounts.scoping import CountyQuerySet
from portfolio.models.register import Leader, Project


class VisitQuerySet(CountyQuerySet):
    def known_at(self, moment):
        """Visits made and noted by then."""
        return self.filter(day__lte=timezone.localdate(moment), noted_at__lte=moment)

    def recordable_by(self, user):
        """Visits that this user may take out again: all for the project office, a leader's own."""
        return self.visible_to(user).filter(leader__in=leaders_recorded_by(user))


def leaders_recorded_by(user):
    """The leaders whose visits this user may note: all for the project office, oneself for a leader."""
    leaders = Leader.objects.visible_to(user)
    if not has_right(user, Right.RECORD_VISITS):
        return leaders.none()
    return leaders.filter(user=user) if user.role == Role.LEADER else leaders


class Visit(models.Model):
    """A leader was on site on a day. Never changed; a wrong note is deleted, and the audit trail keeps it."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    leader = models.ForeignKey(Leader, models.PROTECT, verbose_name="包联领导", related_name="visits")
    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="visits")
    day = models.DateField("走访日期")
    words = models.TextField("走访情况", max_length=1000)
    noted_at = models.DateTimeField("记录时间")
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="记录人", null=True, related_name="+"
    )

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "包联走访"
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["county", "leader", "-day"])]

    def __str__(self):
        return f"{self.leader} {self.day} 走访{self.project}"
