"""Issued reports (季报、月报、领导专报): frozen with their figures, so that an old one says the same forever."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import County
from accounts.scoping import CountyQuerySet
from portfolio.models import Leader


class ReportKind(models.TextChoices):
    QUARTERLY = "quarterly", "季报"
    MONTHLY = "monthly", "月报"
    LEADER = "leader", "包联专报"


class IssuedReport(models.Model):
    """One version of a report. Never changed; a correction is the next version, and names why.

    `content` holds every figure and text of it, `digest` is the SHA-256 of the canonical JSON of the content. The
    files are made from `content` alone; `file_digests` is {ending: SHA-256}, empty for those issued before it was kept.
    """

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    kind = models.CharField("报告", max_length=10, choices=ReportKind)
    year = models.PositiveSmallIntegerField("年度")
    period = models.PositiveSmallIntegerField("期", help_text="季报为季度，月报和包联专报为月份")
    leader = models.ForeignKey(Leader, models.PROTECT, verbose_name="包联领导", null=True, blank=True, related_name="+")
    version = models.PositiveSmallIntegerField("版本", default=1)
    as_of = models.DateField("截至")
    content = models.JSONField("内容")
    digest = models.CharField("内容指纹", max_length=64)
    file_digests = models.JSONField("文件指纹", default=dict, blank=True, editable=False)
    correction = models.CharField("更正说明", max_length=300, blank=True)
    issued_at = models.DateTimeField("签发时间")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="签发人", null=True, related_name="+"
    )
    pdf = models.FileField("PDF", upload_to="reports/%Y")
    docx = models.FileField("Word", upload_to="reports/%Y")
    xlsx = models.FileField("Excel", upload_to="reports/%Y")

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "签发的报告"
        ordering = ["-year", "-period", "kind", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "kind", "year", "period", "version"],
                condition=Q(leader__isnull=True),
                name="report_version_once",
            ),
            models.UniqueConstraint(
                fields=["county", "leader", "year", "period", "version"],
                condition=Q(leader__isnull=False),
                name="leader_report_version_once",
            ),
        ]

    def __str__(self):
        return f"{self.year}年第{self.period}期{self.get_kind_display()}第 {self.version} 版"
