"""Every write to the register belongs to a change set: what one person did in one go, and can take back in one go."""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from accounts.models import County
from accounts.scoping import CountyQuerySet
from portfolio.privacy import mask_phones


class ChangeSetQuerySet(CountyQuerySet):
    def just_made_by(self, user, pk):
        """What this account has just written and may want back, for the notice above a list; None for another's."""
        return self.visible_to(user).filter(pk=pk, by=user, undone_by=None).first() if pk is not None else None


class ChangeSet(models.Model):
    """One act of writing: an import, a bulk edit, a saved form, an undo. Each history record names its own."""

    class Kind(models.TextChoices):
        IMPORT = "import", "导入"
        EDIT = "edit", "修改"
        BULK = "bulk", "批量修改"
        # Former names, components, base data: they leave no history to restore from.
        DETAILS = "details", "修改资料"
        UNDO = "undo", "撤回"
        # The weekly loop corrects itself by its own verbs (退回、更正、延期…), never by undo.
        DISPATCH = "dispatch", "周调度"
        SCHEDULE = "schedule", "工期计划"
        PROBLEM = "problem", "问题"
        INSPECTION = "inspect", "督导观摩"

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    kind = models.CharField("方式", max_length=8, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="操作人", null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField("业务时间")
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)
    summary = models.CharField("摘要", max_length=300)
    undoes = models.OneToOneField(
        "self", models.PROTECT, verbose_name="撤回的是", null=True, blank=True, related_name="undone_by"
    )
    form_key = models.UUIDField(
        "表单编号", null=True, blank=True, unique=True, editable=False, help_text="同一张表单提交两次，只记一次"
    )
    step = models.CharField(
        "步骤", max_length=40, blank=True, editable=False, help_text="这张表单办的是哪一步，同一编号不能再办另一步"
    )

    objects = ChangeSetQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "改动"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["county", "-at"])]

    def __str__(self):
        return mask_phones(self.summary)

    @property
    def is_undone(self):
        return hasattr(self, "undone_by")

    @property
    def can_be_undone(self):
        """Later work on the same rows may still stand in the way: `changes.undo` says so."""
        return self.kind in UNDOABLE and not self.is_undone


UNDOABLE = frozenset({ChangeSet.Kind.IMPORT, ChangeSet.Kind.EDIT, ChangeSet.Kind.BULK})
# What changes the register; the other kinds come by the dozen each week.
OF_REGISTER = UNDOABLE | {ChangeSet.Kind.DETAILS, ChangeSet.Kind.UNDO}


class TrackedHistory(models.Model):
    """Base of the history tables (django-simple-history): each record names the change set that wrote it."""

    change_set = models.ForeignKey(
        ChangeSet, models.PROTECT, verbose_name="改动", null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True


def tracked_history():
    """The `history` of a model that portfolio.actions.changes writes: `<Model>History`, naming change sets."""
    return HistoricalRecords(
        bases=[TrackedHistory],
        custom_model_name=lambda name: f"{name}History",
        related_name="history_records",
    )
