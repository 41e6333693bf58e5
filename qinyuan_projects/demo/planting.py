"""Puts the planted defects into a project's clean weekly reports. The figures of the last week stay as they are."""

from decimal import Decimal

from qinyuan_projects.demo.defects import DEFECTS, Kind

MORE_PERCENT = Decimal(5)
JUMP = Decimal("0.28")  # of the year's plan in one week
PAID_IN_ERROR = Decimal("0.06")
PAYMENTS = (
    "支付电芯采购预付款，厂家正在排产。",
    "变流升压设备完成出厂检验，按合同支付进度款。",
    "储能舱首批发货，结清第一批货款。",
    "主变压器到港，支付到货款和运费。",
)


def plant(row, reports):
    """Change `reports`, {week: Answers} of `row`, by what `DEFECTS` say of it."""
    for defect in DEFECTS:
        if defect.project == row.name and defect.kind in PLANTERS:
            PLANTERS[defect.kind](defect, row, reports)


def _copied(defect, row, reports):
    words = reports[defect.first - 1].progress
    for week in range(defect.first, max(reports) + 1):
        if week > defect.last and not reports[week].no_change:
            break
        reports[week].progress = words
        if week <= defect.last:
            reports[week].no_change = ""


def _percent_falls(defect, row, reports):
    reports[defect.first - 1].works_percent = reports[defect.first].works_percent + MORE_PERCENT
    reports[defect.first].progress, reports[defect.first].no_change = "经监理复核，按计量结果重新核定工程量。", ""


def _money_falls(defect, row, reports):
    more = (row.planned * PAID_IN_ERROR).quantize(Decimal(1))
    reports[defect.first - 1].ytd_investment = reports[defect.first].ytd_investment + more


def _money_jumps(defect, row, reports):
    most = reports[defect.first].ytd_investment - (row.planned * JUMP).quantize(Decimal(1))
    for week in reports:
        if week < defect.first:
            reports[week].ytd_investment = min(reports[week].ytd_investment, most)


def _money_alone(defect, row, reports):
    before, after = reports[defect.first - 1], reports[defect.last + 1]
    part = (after.ytd_investment - before.ytd_investment) / (len(defect.weeks) + 1)
    for number, week in enumerate(defect.weeks, start=1):
        reports[week].works_percent = before.works_percent
        reports[week].ytd_investment = (before.ytd_investment + part * number).quantize(Decimal(1))
        reports[week].progress, reports[week].no_change = PAYMENTS[number % len(PAYMENTS)], ""


def _percent_alone(defect, row, reports):
    whole = reports[max(reports)].ytd_investment
    reached = reports[defect.first - 1].ytd_investment
    for week, report in reports.items():
        share = report.ytd_investment / reached if week < defect.first else Decimal(1)
        report.ytd_investment = (whole * min(share, Decimal(1))).quantize(Decimal(1)) if share < 1 else whole


def _above_plan(defect, row, reports):
    for week in reports:
        if week < defect.first:
            reports[week].ytd_investment = min(reports[week].ytd_investment, row.planned)


def _missing(defect, row, reports):
    for week in defect.weeks:
        del reports[week]
    reports[defect.last + 1].no_change = ""


PLANTERS = {
    Kind.COPIED: _copied,
    Kind.PERCENT_FALLS: _percent_falls,
    Kind.MONEY_FALLS: _money_falls,
    Kind.MONEY_JUMPS: _money_jumps,
    Kind.MONEY_ALONE: _money_alone,
    Kind.PERCENT_ALONE: _percent_alone,
    Kind.ABOVE_PLAN: _above_plan,
    Kind.MISSING: _missing,
}
