"""An issued letter keeps the name that it was sent to, as it keeps its sender."""

from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery


def fill(apps, schema_editor):
    """Issued letters, and their records, take the name that their unit has now."""
    names = apps.get_model("accounts", "Unit").objects.filter(pk=OuterRef("unit_id")).values("name")
    for name in ("Letter", "LetterHistory"):
        issued = apps.get_model("inspections", name).objects.exclude(state="draft").filter(unit__isnull=False)
        issued.update(addressee=Subquery(names))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_notices"),
        ("inspections", "0007_report_file_digests"),
    ]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="addressee",
            field=models.CharField(
                blank=True, default="", help_text="发文时主送单位的名称", max_length=80, verbose_name="主送机关"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="letterhistory",
            name="addressee",
            field=models.CharField(
                blank=True, default="", help_text="发文时主送单位的名称", max_length=80, verbose_name="主送机关"
            ),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=Q(addressee="", state="draft") | (~Q(state="draft") & ~Q(addressee="")),
                name="letter_issued_has_addressee",
            ),
        ),
    ]
