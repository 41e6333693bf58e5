"""What a project brings once it is in service (开工见效): promised when it was taken in, and reached since."""

from django.core.validators import MinValueValidator
from django.db import models

from accounts.models import County
from portfolio.models.changes import tracked_history
from portfolio.models.permits import OfProjectQuerySet
from portfolio.models.register import Project, date_with_precision, not_negative, precision_field


class OutcomeKind(models.TextChoices):
    """What the look at effects (看效果) asks for."""

    CAPACITY = "capacity", "产能"
    OUTPUT = "output", "年产值"
    TAX = "tax", "年税收"
    JOBS = "jobs", "就业"


# A figure of these is of a calendar year: before the year is over it is only a part of it.
OF_A_YEAR = frozenset({OutcomeKind.OUTPUT, OutcomeKind.TAX})
# The measure that goes without saying; 产能 has its own.
MEASURES = {OutcomeKind.OUTPUT: "万元", OutcomeKind.TAX: "万元", OutcomeKind.JOBS: "人"}


def _amount(label):
    return models.DecimalField(
        label, max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )


class Outcome(models.Model):
    """One figure that a project promised and what came of it, both in `measure` (万吨/年, 万元, 人 …).

    `counted_on` is the last day of the period that `reached` is of (as of a day, or a whole year).
    """

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="outcomes")
    kind = models.CharField("指标", max_length=8, choices=OutcomeKind)
    detail = models.CharField("内容", max_length=60, blank=True, help_text="如 动力型锂电池、污水处理")
    measure = models.CharField("计量单位", max_length=16)
    promised = _amount("承诺")
    promised_in = models.CharField("承诺依据", max_length=120, blank=True, help_text="如 招商协议、备案文件、可研批复")
    due_on = models.DateField("应达到日期", null=True, blank=True)
    reached = _amount("实际")
    counted_on = models.DateField("实际数截至", null=True, blank=True)
    counted_on_precision = precision_field("实际数截至")
    note = models.CharField("说明", max_length=300, blank=True)
    row_version = models.PositiveIntegerField("行版本", default=1, editable=False)

    objects = OfProjectQuerySet.as_manager()
    history = tracked_history()

    class Meta:
        verbose_name = verbose_name_plural = "见效情况"
        ordering = ["project", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "kind", "detail"], name="outcome_once_per_project"),
            not_negative("outcome_promised_not_negative", "promised"),
            not_negative("outcome_reached_not_negative", "reached"),
            date_with_precision("outcome_counted_on_precision", "counted_on"),
        ]

    def __str__(self):
        return f"{self.project} {self.get_kind_display()}"
