from django.db import migrations, models

KINDS = [
    ("drafted", "拟稿"),
    ("issued", "发出"),
    ("received", "签收"),
    ("answered", "回复"),
    ("back", "退回重办"),
    ("ask_ext", "申请延期"),
    ("extended", "同意延期"),
    ("no_ext", "不同意延期"),
    ("raised", "升级"),
    ("closed", "办结"),
    ("edited", "改稿"),
]


def fields_of(model):
    asked = models.DateField(blank=True, null=True, verbose_name="申请延至")
    settled = models.BooleanField(
        blank=True, help_text="办结时认定；未到位的可以升级", null=True, verbose_name="整改到位"
    )
    return [
        migrations.AddField(model, "asked_deadline", asked),
        migrations.AddField(model, "is_settled", settled),
    ]


class Migration(migrations.Migration):
    dependencies = [("inspections", "0003_one_problem_for_every_no")]

    operations = [
        *fields_of("letter"),
        *fields_of("letterhistory"),
        migrations.AlterField(
            "letterevent", "kind", models.CharField(choices=KINDS, max_length=8, verbose_name="事由")
        ),
    ]
