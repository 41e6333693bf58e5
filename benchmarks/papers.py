"""What a quarterly report costs: `VAR_DIR=… python -m benchmarks.papers 2024 1 [--rounds 3]`, on a seeded demo.

Each part is told in CPU ms, children included, beside the peer's: LibreOffice making a PDF of the same .docx, which is
how an office without typst would do it. Memory is the highest of this process and of the largest one that it started.
"""

import argparse
import io
import resource
import subprocess
import tempfile
from pathlib import Path

import django

django.setup()

from accounts.models import County  # noqa: E402 (Django is set up first, here and below)
from inspections import reports  # noqa: E402
from inspections.documents import report_docx, report_pdf, report_pictures  # noqa: E402
from inspections.exporting.reports import annex_ledgers  # noqa: E402
from inspections.models import ReportKind  # noqa: E402
from inspections.reports import imprint  # noqa: E402
from portfolio.exporting import ledger  # noqa: E402

PEER = "LibreOffice 由 .docx 生成 PDF"


def cpu():
    """Seconds that this process and those it waited for have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def peak(who):
    return resource.getrusage(who).ru_maxrss // 1024


class Costs(dict):
    """{part: [CPU ms of each round]}."""

    def of(self, part, make, *given):
        before = cpu()
        made = make(*given)
        self.setdefault(part, []).append(1000 * (cpu() - before))
        return made

    def lowest(self, part):
        return min(self[part])


def drawn(content):
    with report_pictures.being_drawn(content) as pictures:
        return pictures()


def workbook(content, about):
    out = io.BytesIO()
    ledger.write_book(annex_ledgers(content, about), out)
    return out.getvalue()


def by_office_suite(docx):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "report.docx").write_bytes(docx)
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
        subprocess.run([*command, "--outdir", folder, f"{folder}/report.docx"], check=True, capture_output=True)


def run(costs, county, period, day):
    content = costs.of("汇总数据", reports.content_of, county, period, day)
    about = imprint.preview(content)
    costs.of("Excel 附件", workbook, content, about)
    pictures = costs.of("Word 用图", drawn, content)
    docx = costs.of("Word", report_docx.rendered, content, about, pictures)
    costs.of("PDF", report_pdf.rendered, content, about)
    return docx


def main():
    parser = argparse.ArgumentParser(prog="benchmarks.papers", description=__doc__)
    parser.add_argument("year", type=int)
    parser.add_argument("quarter", type=int)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    county = County.objects.get()
    period = reports.Period(ReportKind.QUARTERLY, asked.year, asked.quarter)
    day = period.default_day(county.business_today())
    own, peer = Costs(), Costs()
    papers = [run(own, county, period, day) for _ in range(asked.rounds)]
    memory = peak(resource.RUSAGE_SELF), peak(resource.RUSAGE_CHILDREN)
    for docx in papers:
        peer.of(PEER, by_office_suite, docx)
    print("| 步骤 | CPU ms |\n| --- | --- |")
    for part in own:
        print(f"| {part} | {own.lowest(part):.0f} |")
    print(f"| 合计 | {sum(map(own.lowest, own)):.0f} |\n| {PEER} | {peer.lowest(PEER):.0f} |")
    print(f"\nPDF 与{PEER}的 CPU 之比：{own.lowest('PDF') / peer.lowest(PEER):.2f}")
    print(f"最高内存：本进程 {memory[0]} MB，排版进程 {memory[1]} MB，LibreOffice {peak(resource.RUSAGE_CHILDREN)} MB")


if __name__ == "__main__":
    main()
