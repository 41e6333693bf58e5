"""Reports issued over demo figures: they say so on every page, and go with the demo."""

from django.core.files.storage import default_storage
from django.db import transaction

from inspections.models import IssuedReport


def remove_reports():
    """→ how many went. Their files go once that is certain."""
    reports = IssuedReport.objects.filter(content__is_demo=True)
    files = [name for names in reports.values_list("pdf", "docx", "xlsx") for name in names]
    gone, _ = reports.delete()
    transaction.on_commit(lambda: [default_storage.delete(name) for name in files])
    return gone
