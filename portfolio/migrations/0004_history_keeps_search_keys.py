"""Project history keeps what search and sorting look at, so that the plan table of a past day has both."""

from collections import defaultdict

from django.db import migrations, models

from portfolio.search import name_key, pinyin, search_key

BATCH = 500


def fill_in(apps, schema_editor):
    """Keys of the records there are, with today's former names: no history tells since when a name is a former one."""
    former_names = defaultdict(list)
    for project, name in apps.get_model("portfolio", "ProjectAlias").objects.values_list("project_id", "name"):
        former_names[project].append(name)
    records = apps.get_model("portfolio", "ProjectHistory").objects
    batch = []
    for record in records.only("id", "name", "code", "builder", "address").iterator(BATCH):
        record.name_key = name_key(record.name)[:200]
        record.name_pinyin = pinyin(record.name)[:400]
        names = [record.name, *former_names[record.id]]
        record.search_key = search_key(names, [record.code, record.builder, record.address])
        batch.append(record)
        if len(batch) == BATCH:
            records.bulk_update(batch, ["name_key", "name_pinyin", "search_key"])
            batch = []
    records.bulk_update(batch, ["name_key", "name_pinyin", "search_key"])


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0003_photo_same_as")]

    operations = [
        migrations.AddField(
            model_name="projecthistory",
            name="name_key",
            field=models.CharField(default="", editable=False, max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="projecthistory",
            name="name_pinyin",
            field=models.CharField(default="", editable=False, max_length=400),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="projecthistory",
            name="search_key",
            field=models.CharField(default="", editable=False, max_length=2000),
            preserve_default=False,
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop),
    ]
