"""The matrix of permits as a ledger; of one kind, its column with numbers and dates."""

from portfolio.exporting.ledger import COUNT, Column, Ledger


def ledger(listing, year, day):
    return _of_kind(listing, year, day) if listing.kind else _of_matrix(listing, year, day)


def _scope(listing, day):
    return f"截至 {day}　{listing.words}　{len(listing.found)} 个项目"


def _facts(row):
    project = row.project
    return [row.plan.seq, project.name, _word(project.unit), _word(project.town), project.get_stage_display()]


FACTS = [
    Column("序号", COUNT, 6),
    Column("项目名称", width=36),
    Column("责任单位", width=16),
    Column("乡镇", width=12),
    Column("项目阶段", width=11),
]


def _of_matrix(listing, year, day):
    columns = [*FACTS, Column("办结", COUNT, 6), Column("需办", COUNT, 6), Column("未填", COUNT, 6)]
    columns += [Column(kind.short_name, width=9) for kind in listing.kinds]
    columns += [Column("需要注意", width=40)]
    rows = [
        [
            *_facts(row),
            row.tally.done,
            row.tally.needed,
            row.tally.unfilled,
            *(cell.standing.label for cell in row.cells),
            "\n".join(f"{cell.kind.short_name}：{cell.alarm_words}" for cell in row.alarms),
        ]
        for row in listing.found
    ]
    return Ledger(f"{year}年项目前期手续", _scope(listing, day), columns, rows, unit="单位：项")


def _of_kind(listing, year, day):
    columns = [
        *FACTS,
        Column("办理情况", width=10),
        Column("文号", width=24),
        Column("审批单位", width=18),
        *(Column(label) for label in ("受理日期", "应办结日期", "办结日期", "有效期至")),
        Column("需要注意", width=30),
        Column("说明", width=30),
    ]
    rows = []
    for row in listing.found:
        cell = listing.cells_of(row)[0]
        permit = cell.permit
        days = (permit.asked_on, permit.due_on, permit.granted_on, cell.lapses_on) if permit else (None,) * 4
        rows.append(
            [
                *_facts(row),
                cell.standing.label,
                permit.number if permit else "",
                permit.office if permit else "",
                *(str(day or "") for day in days),
                cell.alarm_words,
                permit.note if permit else "",
            ]
        )
    return Ledger(f"{year}年{listing.kind}", _scope(listing, day), columns, rows, unit="")


def _word(row):
    return str(row) if row else ""
