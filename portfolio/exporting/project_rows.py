"""Factors, funds, services and outcomes of the county as ledgers. They leave the system: no phone stands in them."""

from portfolio import funds, outcomes
from portfolio.exporting.ledger import COUNT, MONEY, PERCENT, Column, Ledger
from portfolio.privacy import mask_phones

PROJECT = [Column("序号", COUNT, 6), Column("项目名称", width=36), Column("责任单位", width=16)]


def _project(row):
    return [row.plan.seq, row.project.name, _word(row.project.unit)]


def _word(value):
    return str(value) if value is not None else ""


def _scope(listing, day):
    return f"截至 {day}　{listing.words}　{len(listing.found)} 项"


def factor_ledger(listing, year, day):
    columns = [
        *PROJECT,
        *(Column(label) for label in ("要素", "内容", "计量单位")),
        *(Column(label, MONEY) for label in ("需要", "已落实", "缺口")),
        *(Column(label) for label in ("状态", "保障单位", "应落实日期")),
        Column("说明", width=30),
    ]
    rows = [
        [
            *_project(row),
            *(row.row.get_factor_display(), row.row.detail, row.row.measure),
            *(row.row.needed, row.row.secured, row.gap),
            *(row.state.label, _word(row.row.unit), _word(row.row.due_on), mask_phones(row.row.note)),
        ]
        for row in listing.found
    ]
    return Ledger(f"{year}年项目要素保障", _scope(listing, day), columns, rows, unit="")


def fund_ledger(listing, year, day):
    columns = [
        *PROJECT,
        Column("来源"),
        *(Column(label, MONEY, 14) for label in ("计划资金", "已到位", "已支付", "未到位")),
        Column("状态"),
        Column("说明", width=30),
    ]
    rows = [
        [
            *(*_project(row), row.row.get_kind_display()),
            *(row.planned, row.arrived, row.paid, row.gap),
            *(row.state.label, mask_phones(row.row.note)),
        ]
        for row in listing.found
    ]
    total = funds.FundSum.of(listing.found)
    sums = [None, "合计", None, None, total.planned, total.arrived, total.paid, total.gap, None, None]
    return Ledger(f"{year}年项目资金到位情况", _scope(listing, day), columns, rows, sums)


def service_ledger(listing, year, day):
    columns = [
        *PROJECT,
        Column("阶段"),
        Column("事项", width=30),
        Column("承办单位", width=16),
        *(Column(label) for label in ("提出日期", "受理日期", "承诺办结", "办结日期")),
        *(Column(label, COUNT) for label in ("用时（天）", "超期（天）")),
        Column("状态"),
        Column("办理结果", width=30),
    ]
    rows = [
        [
            *(*_project(row), row.row.get_phase_display(), row.row.title, _word(row.row.unit)),
            *(_word(day) for day in (row.row.asked_on, row.row.taken_on, row.row.promised_on, row.row.answered_on)),
            *(row.days_taken, row.days_late, row.state.label, mask_phones(row.row.answer)),
        ]
        for row in listing.found
    ]
    return Ledger(f"{year}年项目一站式服务", _scope(listing, day), columns, rows, unit="单位：天")


def outcome_ledger(listing, year, day):
    """The sums stand below the rows, one of each figure and measure."""
    columns = [
        *PROJECT,
        Column("指标", width=9),
        Column("内容", width=16),
        Column("计量单位"),
        *(Column(label, MONEY, 14) for label in ("承诺", "实际")),
        Column("达到率", PERCENT, 10),
        Column("实际数截至", width=14),
        *(Column(label) for label in ("状态", "应达到日期")),
        Column("承诺依据", width=18),
        Column("说明", width=24),
    ]
    rows = [[*_project(row), *(_of_outcome(row) if row.row else _no_outcome(row))] for row in listing.found]
    sums = [
        [
            *(None, "合计", f"{each.rows} 项", each.kind.label, None, each.measure),
            *(each.promised, each.reached, each.share, *[None] * 5),
        ]
        for each in outcomes.sums(listing.found)
    ]
    heavy = frozenset(range(len(rows), len(rows) + len(sums)))
    return Ledger(f"{year}年项目见效情况", _scope(listing, day), columns, rows + sums, unit="", heavy=heavy)


def _of_outcome(row):
    return [
        *(row.row.get_kind_display(), row.row.detail, row.row.measure),
        *(row.promised, row.reached, row.share, _word(row.counted), row.state.label),
        *(_word(row.row.due_on), row.row.promised_in, mask_phones(row.row.note)),
    ]


def _no_outcome(row):
    return [*[None] * 7, row.state.label, *[None] * 3]
