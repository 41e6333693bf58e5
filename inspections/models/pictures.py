"""Photos of checks and stops: the stored file is the register's own re-encoding (portfolio.photos)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import County
from accounts.scoping import CountyQuerySet
from inspections.models.checks import SupervisionCheck
from inspections.models.rounds import Stop


class SitePhoto(models.Model):
    """A photo taken on site, of a check or of a stop."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    check_visit = models.ForeignKey(
        SupervisionCheck, models.CASCADE, verbose_name="督导", null=True, blank=True, related_name="photos"
    )
    stop = models.ForeignKey(Stop, models.CASCADE, verbose_name="观摩点", null=True, blank=True, related_name="photos")
    file = models.FileField("照片", upload_to="site/%Y/%m")
    thumbnail = models.FileField("缩略图", upload_to="site/%Y/%m")
    width = models.PositiveIntegerField("宽")
    height = models.PositiveIntegerField("高")
    digest = models.CharField("文件指纹", max_length=64, db_index=True)
    look = models.CharField("图像指纹", max_length=16)
    seen_before = models.CharField(
        "疑似重复使用", max_length=200, blank=True, help_text="上传时发现的、别处用过的同一张或极相似的照片"
    )
    caption = models.CharField("说明", max_length=100, blank=True)
    upload_key = models.UUIDField("上传编号", unique=True, editable=False)
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="上传人", null=True, related_name="+"
    )

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "现场照片"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(check_visit__isnull=False, stop__isnull=True)
                | Q(check_visit__isnull=True, stop__isnull=False),
                name="site_photo_of_one_thing",
            )
        ]

    def __str__(self):
        return f"{self.check_visit or self.stop}的照片"
