"""How people look at the plan table: a saved view is a filter, a layout is a choice of columns. They never mix."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import County
from accounts.scoping import CountyQuerySet


class OwnedQuerySet(CountyQuerySet):
    def usable_by(self, user):
        return self.visible_to(user).filter(Q(owner=user) | Q(shared=True))

    def owned_by(self, user):
        return self.visible_to(user).filter(owner=user)


class Owned(models.Model):
    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="所有人", related_name="+")
    name = models.CharField("名称", max_length=40)
    shared = models.BooleanField("全县共享", default=False)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["shared", "name"]

    def __str__(self):
        return self.name


class SavedView(Owned):
    """A saved view (常用视图): a name for a filter, as its query string."""

    query = models.CharField("筛选条件", max_length=2000, blank=True)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "常用视图"
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="view_name_once_per_owner")]


class TableLayout(Owned):
    """A table layout (表格布局): which columns, in which order, and how many stay put on the left."""

    columns = models.JSONField("列", default=list)
    pinned = models.PositiveSmallIntegerField("固定列数", default=2)
    is_default = models.BooleanField("默认使用", default=False)

    class Meta(Owned.Meta):
        verbose_name = verbose_name_plural = "表格布局"
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="layout_name_once_per_owner")]
