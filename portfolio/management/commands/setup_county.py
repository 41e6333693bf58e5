import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import County
from portfolio import permit_kinds
from portfolio.models import Town
from portfolio.models.permits import PermitKind


class Command(BaseCommand):
    help = "建立一个县和它的乡镇、手续种类（默认沁源县）；重复执行不产生变化。"

    def add_arguments(self, parser):
        parser.add_argument("code", nargs="?", default="140431", help="GB/T 2260 县级代码")

    @transaction.atomic
    def handle(self, *, code, **options):
        path = settings.BASE_DIR / "fixtures" / "counties" / f"{code}.json"
        if not path.is_file():
            raise CommandError(f"没有 {path.name}：请先在 fixtures/counties/ 下准备该县的名称和乡镇。")
        facts = json.loads(path.read_text("utf-8"))
        county, created = County.objects.get_or_create(code=facts["code"], defaults={"name": facts["name"]})
        for town in facts["towns"]:
            Town.objects.get_or_create(county=county, code=town.pop("code"), defaults=town)
        if not permit_kinds.of_county(county).exists():
            PermitKind.objects.bulk_create(permit_kinds.default_rows(county))
        self.stdout.write(f"{county.name}：{county.towns.count()} 个乡镇和开发区" + ("，已建立。" if created else "。"))
