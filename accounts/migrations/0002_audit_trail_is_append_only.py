from django.db import migrations

from accounts import audit_protection


def install(apps, schema_editor):
    audit_protection.install(schema_editor.connection)


def remove(apps, schema_editor):
    audit_protection.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
