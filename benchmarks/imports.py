"""One import in a process of its own: `python -m benchmarks.imports WHO FILE` prints what it cost as JSON.

WHO is `product` (the importer behind `manage.py import_plan`), `again` (the same file a second time), `plain`
(openpyxl and update_or_create, as tutorials show it) or `floor` (calamine and one INSERT for many rows, no checks).
"""

import json
import resource
import sys
import time
from decimal import Decimal
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402 (Django is set up first, here and below)
from django.db import connection, transaction  # noqa: E402
from openpyxl import load_workbook  # noqa: E402
from python_calamine import CalamineWorkbook  # noqa: E402

from accounts.models import County  # noqa: E402
from benchmarks.tasks import YEAR  # noqa: E402
from portfolio.models import AnnualPlan, Project  # noqa: E402

FIRST_ROW = 3  # below the title and the header


def product(file):
    with open("/dev/null", "w") as nowhere:
        call_command("import_plan", file, year=YEAR, county=County.objects.get().code, stdout=nowhere)


def plain(file):
    county = County.objects.get()
    sheet = load_workbook(file, read_only=True).active
    with transaction.atomic():
        for seq, name, address, content, total, planned in sheet.iter_rows(min_row=FIRST_ROW, values_only=True):
            project, _ = Project.objects.update_or_create(
                county=county,
                name=name,
                defaults={"address": address, "content": content, "total_investment": Decimal(str(total))},
            )
            AnnualPlan.objects.update_or_create(
                county=county,
                project=project,
                year=YEAR,
                defaults={"seq": seq, "planned_investment": Decimal(str(planned))},
            )


def floor(file):
    rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()[FIRST_ROW - 1 :]
    county = County.objects.get()
    with transaction.atomic():
        projects = Project.objects.bulk_create(
            Project(
                county=county, name=row[1], name_key=row[1], address=row[2], content=row[3], total_investment=row[4]
            )
            for row in rows
        )
        AnnualPlan.objects.bulk_create(
            AnnualPlan(county=county, project=project, year=YEAR, seq=int(row[0]), planned_investment=row[5])
            for project, row in zip(projects, rows, strict=True)
        )


def cpu_seconds():
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


class Counted:
    """A wrapper of the connection that counts its statements."""

    total = 0

    def __call__(self, execute, *arguments):
        self.total += 1
        return execute(*arguments)


def main(who, file):
    run = {"product": product, "again": product, "plain": plain, "floor": floor}[who]
    if who == "again":
        run(file)
    started, cpu = time.perf_counter(), cpu_seconds()
    with connection.execute_wrapper(counted := Counted()):
        run(file)
    cost = {"seconds": time.perf_counter() - started, "cpu_ns": int((cpu_seconds() - cpu) * 1e9)}
    print(json.dumps({**cost, "queries": counted.total, "rows": AnnualPlan.objects.count()}))


main(sys.argv[1], Path(sys.argv[2]))
