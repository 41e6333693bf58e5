from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.models import County, User
from portfolio.importing import service
from portfolio.importing.issues import place
from portfolio.importing.refusals import NotNow
from portfolio.models import ImportBatch
from portfolio.plan_fields import BY_KEY, FIELDS

SHOWN = 30


class Command(BaseCommand):
    help = "导入一个年度的计划表（.xlsx、.xls、.csv）：先给出核对结果，没有错误时全部写入。"

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="计划表文件")
        parser.add_argument("--year", type=int, required=True, help="计划年度，如 2024")
        parser.add_argument("--county", default="140431", help="县级行政区划代码")
        parser.add_argument("--user", help="以哪个账号的名义导入（写入审计日志）")
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="列=字段",
            help="指定一列的含义，如 工程名=name；字段留空为原样保留",
        )
        parser.add_argument("--unit", choices=["万元", "亿元", "元"], help="表中没有写明时的金额单位")
        parser.add_argument("--clear-empty", action="store_true", help="空白格清空原值")
        parser.add_argument("--dry-run", action="store_true", help="只核对，不写入")

    def handle(self, *, file, year, county, user, **options):
        batch = self._received(file, year, county, user, options)
        service.read(batch)
        self._show(batch)
        if batch.state != ImportBatch.State.PREVIEW:
            raise CommandError("没有写入。")
        if options["dry_run"]:
            service.cancel(batch, by=batch.by)
            self.stdout.write("只核对，没有写入。")
            return
        try:
            service.apply(batch, by=batch.by)
        except NotNow as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write(self.style.SUCCESS(f"已导入（批次 {batch.pk}）。"))

    def _received(self, file, year, county, user, options):
        if not file.is_file():
            raise CommandError(f"找不到文件 {file}。")
        found = County.objects.filter(code=county).first()
        if found is None:
            raise CommandError(f"没有代码为 {county} 的县，请先执行 setup_county。")
        by = User.objects.filter(username=user, county=found).first() if user else None
        if user and by is None:
            raise CommandError(f"没有账号 {user}。")
        reading = {
            "map": dict(self._mapped(text) for text in options["map"]),
            "unit": options["unit"] or "",
            "clear_empty": options["clear_empty"],
            "keep_unknown": True,
        }
        return service.receive(file.read_bytes(), file_name=file.name, county=found, year=year, by=by, options=reading)

    def _mapped(self, text):
        header, sign, key = text.rpartition("=")
        by_label = {field.label: field.key for field in FIELDS}
        key = by_label.get(key, key)
        if not sign or (key and key not in BY_KEY):
            raise CommandError(
                f"“{text}”不对，应写成 列=字段。字段有：{'、'.join(f'{k}（{f.label}）' for k, f in BY_KEY.items())}"
            )
        return header, key

    def _show(self, batch):
        facts = batch.report
        if "refused" in facts:
            self.stderr.write(facts["refused"])
            return
        if facts["year_note"]:
            self.stdout.write(facts["year_note"])
        for sheet in facts["sheets"]:
            self._show_sheet(sheet)
        for skipped in facts["skipped_sheets"]:
            self.stdout.write(f"未读：工作表“{skipped['name']}”{skipped['reason']}")
        for question in facts["questions"]:
            self.stderr.write(f'{question}（命令行用 --map 指定，如 --map "列名=" 为原样保留）')
        if "counts" in facts:
            self._show_result(facts)

    def _show_sheet(self, sheet):
        if not sheet["read"]:
            return
        first, last = sheet["header_rows"]
        self.stdout.write(
            f"工作表“{sheet['name']}”，表头在第 {first}–{last} 行："
            if sheet["name"]
            else f"表头在第 {first}–{last} 行："
        )
        for column in sheet["columns"]:
            unit = f"（{column['unit']}）" if column["unit"] else ""
            self.stdout.write(f"  {column['letter']} 列 {column['header']} → {column['label'] or '原样保留'}{unit}")

    def _show_result(self, facts):
        counts = facts["counts"]
        self.stdout.write(
            f"共 {counts['rows']} 行：新增 {counts['new']}，修改 {counts['changed']}，无变化 {counts['unchanged']}，"
            f"有错 {counts['refused']} 行（{counts['errors']} 处）；表外另有 {counts['missing']} 项，不改动。"
        )
        totals = facts["totals"]
        self.stdout.write(
            f"各行合计：总投资 {totals['total_investment']['wan']} 万元，"
            f"年度计划投资 {totals['planned_investment']['wan']} 万元。"
        )
        if facts["unit_is_assumed"]:
            self.stdout.write("表中没有写明金额单位，按万元读取；如不是，请加 --unit。")
        for title, names in (("单位", facts["units"]), ("包联领导", facts["leaders"])):
            if names:
                self.stdout.write(f"将新增{title} {len(names)} 个：{'、'.join(item['name'] for item in names[:SHOWN])}")
        for change in facts["changed"][:SHOWN]:
            fields = "；".join(
                f"{item['label']} {item['old'] or '空'} → {item['new'] or '空'}" for item in change["changes"]
            )
            self.stdout.write(f"  修改 第 {change['row']} 行 {change['name']}：{fields}")
        for check in facts["checks"]:
            if not check["agrees"]:
                self.stdout.write(
                    f"  不一致：第 {check['row']} 行“{check['label']}”{check['what']}写的是 {check['claimed']}，"
                    f"各行之和是 {check['found']}。"
                )
        for note in facts["notes"]:
            self.stdout.write(f"  {note['text']}" + (f"：{note['count']} 处" if note["count"] else ""))
        for warning in facts["warnings"][:SHOWN]:
            self.stdout.write(f"  提醒：{place(warning)}“{warning['value']}”{warning['message']}")
        for error in facts["errors"]:
            self.stderr.write(f"  错误：{place(error)}“{error['value']}”{error['message']}")
