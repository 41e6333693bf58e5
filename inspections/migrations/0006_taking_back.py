"""What was done by mistake is taken back: matters revoked, letters void, rounds opened again."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_notices"),
        ("inspections", "0005_matters_since"),
        ("portfolio", "0011_inspection_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="matter",
            name="matter_settled_has_day",
        ),
        migrations.AddField(
            model_name="letter",
            name="void_reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="作废原因"),
        ),
        migrations.AddField(
            model_name="letter",
            name="voided_on",
            field=models.DateField(blank=True, null=True, verbose_name="作废日期"),
        ),
        migrations.AddField(
            model_name="letterhistory",
            name="void_reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="作废原因"),
        ),
        migrations.AddField(
            model_name="letterhistory",
            name="voided_on",
            field=models.DateField(blank=True, null=True, verbose_name="作废日期"),
        ),
        migrations.AddField(
            model_name="round",
            name="reopening",
            field=models.CharField(blank=True, max_length=200, verbose_name="重新开放的原因"),
        ),
        migrations.AddField(
            model_name="roundhistory",
            name="reopening",
            field=models.CharField(blank=True, max_length=200, verbose_name="重新开放的原因"),
        ),
        migrations.AlterField(
            model_name="letter",
            name="raises",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="risen",
                to="inspections.letter",
                verbose_name="由何文书升级",
            ),
        ),
        migrations.AlterField(
            model_name="letter",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "拟稿"),
                    ("issued", "已发出"),
                    ("received", "已签收"),
                    ("answered", "已回复"),
                    ("closed", "已办结"),
                    ("void", "已作废"),
                ],
                default="draft",
                max_length=8,
                verbose_name="状态",
            ),
        ),
        migrations.AlterField(
            model_name="letterevent",
            name="kind",
            field=models.CharField(
                choices=[
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
                    ("voided", "作废"),
                    ("unraised", "升级作废"),
                ],
                max_length=8,
                verbose_name="事由",
            ),
        ),
        migrations.AlterField(
            model_name="letterhistory",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "拟稿"),
                    ("issued", "已发出"),
                    ("received", "已签收"),
                    ("answered", "已回复"),
                    ("closed", "已办结"),
                    ("void", "已作废"),
                ],
                default="draft",
                max_length=8,
                verbose_name="状态",
            ),
        ),
        migrations.AlterField(
            model_name="matter",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "办理中"),
                    ("closing", "申请办结"),
                    ("done", "已办结"),
                    ("dropped", "不再办理"),
                    ("revoked", "已撤销"),
                ],
                default="open",
                max_length=8,
                verbose_name="状态",
            ),
        ),
        migrations.AlterField(
            model_name="matterevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("decided", "议定"),
                    ("answered", "反馈"),
                    ("extended", "延期"),
                    ("ask_end", "申请办结"),
                    ("back", "退回办理"),
                    ("done", "办结"),
                    ("dropped", "不再办理"),
                    ("revoked", "撤销"),
                    ("reopened", "恢复办理"),
                    ("edited", "修改"),
                ],
                max_length=8,
                verbose_name="事由",
            ),
        ),
        migrations.AlterField(
            model_name="matterhistory",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "办理中"),
                    ("closing", "申请办结"),
                    ("done", "已办结"),
                    ("dropped", "不再办理"),
                    ("revoked", "已撤销"),
                ],
                default="open",
                max_length=8,
                verbose_name="状态",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "void"), _negated=True), fields=("raises",), name="letter_raised_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "void"), ("voided_on__isnull", False)),
                    models.Q(models.Q(("state", "void"), _negated=True), ("voided_on__isnull", True)),
                    _connector="OR",
                ),
                name="letter_void_has_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_on__isnull", False), ("state__in", ("done", "dropped", "revoked"))),
                    models.Q(
                        models.Q(("state__in", ("done", "dropped", "revoked")), _negated=True),
                        ("settled_on__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="matter_settled_has_day",
            ),
        ),
    ]
