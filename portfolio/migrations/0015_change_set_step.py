"""A form's key is kept with the step that it took, so that it can't stand for another step of the same row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portfolio", "0014_project_library"),
    ]

    operations = [
        migrations.AddField(
            model_name="changeset",
            name="step",
            field=models.CharField(
                blank=True,
                editable=False,
                help_text="这张表单办的是哪一步，同一编号不能再办另一步",
                max_length=40,
                verbose_name="步骤",
            ),
        ),
    ]
