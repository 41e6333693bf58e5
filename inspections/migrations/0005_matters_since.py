import datetime

from django.db import migrations, models

DAY = {"default": datetime.date(2024, 1, 1), "verbose_name": "议定日期"}
OPENING = {"blank": True, "default": list, "editable": False, "verbose_name": "上次议定事项落实情况"}


class Migration(migrations.Migration):
    dependencies = [("inspections", "0004_letter_extension")]

    operations = [
        migrations.AddField("matter", "decided_on", models.DateField(**DAY), preserve_default=False),
        migrations.AddField("matterhistory", "decided_on", models.DateField(**DAY), preserve_default=False),
        migrations.AddField("meeting", "opening", models.JSONField(**OPENING)),
        migrations.AddField("meetinghistory", "opening", models.JSONField(**OPENING)),
    ]
