"""Measure imports: each in a process of its own, on a fresh copy of a database that holds one empty county."""

import json
import shutil

from openpyxl import Workbook

from benchmarks.client import Figures
from benchmarks.database import Database
from benchmarks.tasks import FLOOR, PRODUCT

ROW_BY_ROW = "openpyxl 逐行"
SMALL, LARGE = 275, 32_175
HEADER = ("序号", "项目名称", "建设地址", "主要建设内容", "总投资（万元）", "年度计划投资（万元）")
# page, contender, who of benchmarks.imports, rows, how often
RUNS = (
    ("导入 275 行", PRODUCT, "product", SMALL, 3),
    ("导入 275 行", ROW_BY_ROW, "plain", SMALL, 3),
    ("导入 275 行", FLOOR, "floor", SMALL, 3),
    ("再导入 275 行", PRODUCT, "again", SMALL, 3),
    ("导入 32,175 行", PRODUCT, "product", LARGE, 1),
    ("导入 32,175 行", FLOOR, "floor", LARGE, 1),
)


def run():
    """({key: figures}, {key: queries}) as the report wants them; rounds are interleaved."""
    empty = Database(0)
    files = {rows: workbook(empty.folder / f"plan-{rows}.xlsx", rows) for rows in (SMALL, LARGE)}
    results, queries = {}, {}
    for turn in range(max(times for *_, times in RUNS)):
        for page, contender, who, rows, times in RUNS:
            if turn < times:
                key = (rows, page, contender)
                cost = one(empty, who, files[rows])
                figures = results.setdefault(key, Figures(size=files[rows].stat().st_size))
                figures.seconds.append(cost["seconds"])
                figures.cpu_ns += cost["cpu_ns"]
                queries[key] = cost["queries"]
    return results, queries


def one(empty, who, file):
    scratch = empty.folder / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    shutil.copy(empty.folder / "db.sqlite3", scratch)
    place = {"VAR_DIR": str(scratch), "DATABASE_URL": f"sqlite:///{scratch}/db.sqlite3"}
    return json.loads(empty.run("-m", "benchmarks.imports", who, str(file), **place))


def workbook(path, rows):
    """A plan table as a county writes it: a title, one header, plain rows; the same every time."""
    if not path.exists():
        book = Workbook(write_only=True)
        sheet = book.create_sheet("计划表")
        sheet.append(["2024年重大项目计划表"])
        sheet.append(HEADER)
        for number in range(1, rows + 1):
            name = f"年处理{number}万吨焦化及配套基础设施建设项目"
            content = "新建生产车间、仓储、办公及配套用房，购置成套设备，配套建设给排水、供配电、道路硬化和绿化工程。"
            total = 1000 + number * 7.25
            sheet.append([number, name, f"第{number % 90 + 1}村", content, total, total / 4])
        book.save(path)
    return path
