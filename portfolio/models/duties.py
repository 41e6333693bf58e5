"""Who answers for a plan beside its leader: the work team (工作专班)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import County, Unit
from accounts.scoping import CountyQuerySet
from portfolio.models.register import AnnualPlan


class WorkTeamQuerySet(CountyQuerySet):
    def current(self):
        return self.filter(replaced_at__isnull=True)

    def at(self, moment):
        """The teams as they stood at a moment."""
        return self.filter(at__lte=moment).filter(Q(replaced_at__isnull=True) | Q(replaced_at__gt=moment))


class WorkTeam(models.Model):
    """The work team of a plan, as one version: a change writes a new row and closes the old one, which stays readable.

    The form carries the key of the version it showed; another one standing by then means that somebody was quicker.
    """

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="teams")
    plan = models.ForeignKey(AnnualPlan, models.PROTECT, verbose_name="年度计划", related_name="teams")
    head = models.CharField("专班组长", max_length=40, blank=True)
    head_post = models.CharField("组长职务", max_length=60, blank=True)
    head_phone = models.CharField("组长电话", max_length=40, blank=True)
    member_units = models.ManyToManyField(Unit, verbose_name="成员单位", related_name="teams", blank=True)
    on_site = models.CharField("驻点人员", max_length=40, blank=True)
    on_site_phone = models.CharField("驻点电话", max_length=40, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    at = models.DateTimeField("自")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="填写人", null=True, related_name="+"
    )
    replaced_at = models.DateTimeField("至", null=True, blank=True)

    objects = WorkTeamQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工作专班"
        ordering = ["plan", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan"], condition=Q(replaced_at__isnull=True), name="one_current_team_per_plan"
            )
        ]

    def __str__(self):
        return f"{self.plan.project}的工作专班"
