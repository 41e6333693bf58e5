"""Imports (导入): each file that came in, what it did, and what the county's own header spellings mean."""

from django.conf import settings
from django.db import models

from accounts.models import County
from accounts.scoping import CountyQuerySet
from portfolio.models.changes import ChangeSet


class ImportBatch(models.Model):
    """One uploaded plan table, from reading to applied or withdrawn. The file stays, under a name of our own."""

    class State(models.TextChoices):
        READING = "reading", "正在读取"
        MAPPING = "mapping", "待对应列"
        PREVIEW = "preview", "待确认"
        APPLYING = "applying", "正在写入"
        APPLIED = "applied", "已导入"
        REFUSED = "refused", "不能导入"
        CANCELLED = "cancelled", "已放弃"
        WITHDRAWN = "withdrawn", "已撤回"

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="imports")
    year = models.PositiveSmallIntegerField("年度")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="导入人", null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    file = models.FileField("文件", upload_to="imports/")
    file_name = models.CharField("原文件名", max_length=200)
    sha256 = models.CharField("文件摘要", max_length=64)
    size = models.PositiveIntegerField("字节数")
    state = models.CharField("状态", max_length=10, choices=State, default=State.READING)
    options = models.JSONField("读取选项", default=dict, blank=True)
    report = models.JSONField("核对结果", default=dict, blank=True)
    change_set = models.OneToOneField(
        ChangeSet, models.PROTECT, verbose_name="改动", null=True, blank=True, related_name="import_batch"
    )

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["county", "-uploaded_at"])]

    def __str__(self):
        return f"{self.file_name}（{self.year}年）"


class HeaderMapping(models.Model):
    """What a header spelling of this county means (列对应): chosen once by a person, remembered for the next file.

    `field` is a key of portfolio.plan_fields; empty means "keep the column with the row".
    """

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    header = models.CharField("表头", max_length=120)
    field = models.CharField("字段", max_length=40, blank=True)

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "列对应"
        ordering = ["county", "header"]
        constraints = [models.UniqueConstraint(fields=["county", "header"], name="header_once_per_county")]

    def __str__(self):
        return f"{self.header} → {self.field or '原样保留'}"
