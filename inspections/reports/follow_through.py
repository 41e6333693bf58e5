"""The sections on supervision: the four looks, the stops of the quarter's inspection, and the matters handed out."""

import base64
import io

from django.utils import timezone
from PIL import Image, UnidentifiedImageError

from inspections import looks, matters, rounds
from inspections.models import Finding, Matter, SitePhoto
from inspections.models.meetings import SETTLED, MatterState
from inspections.reports.blocks import COUNT, ORDINAL, PERCENT, SCORE, Column, clause, plain, section, table, text
from inspections.reports.outcomes import outcome_blocks
from portfolio.as_of import end_of_day, reading
from portfolio.figures import share

MISSING_SHOWN = 3
PHOTO_SIDE = 640  # pixels: sharp at a third of a page's width
PHOTOS_OF_STOP = 2
# Widths in mm of a page upright.
LOOKS = (
    Column("四看", width=33),
    Column("项目", COUNT, 12),
    Column("督导过", COUNT, 14),
    Column("督导率", PERCENT, 14),
    Column("督导次数", COUNT, 16),
    Column("未销号问题", COUNT, 19),
    Column("其中逾期", COUNT, 16),
    Column("缺什么最多", width=46),
)
RANKING = (
    Column("名次", ORDINAL, 10),
    Column("观摩点", width=56),
    Column("责任单位", width=36),
    Column("包联领导", width=20),
    Column("得分", SCORE, 18),
    Column("计入的评分", width=30),
)
MATTERS = (
    Column("序号", ORDINAL, 9),
    Column("事项", width=38),
    Column("来源", width=28),
    Column("责任单位", width=21),
    Column("牵头领导", width=15),
    Column("办结时限", width=23),
    Column("办理情况", width=40),
)


# The four looks


def four_looks(material):
    boards = looks.boards(material.county, material.period.year, material.day)
    rows = [
        [
            f"{board.look.label}（{board.look.stage.label}）",
            board.total,
            board.checked,
            100 * board.checked / board.total if board.total else None,
            board.checks,
            board.open_problems,
            board.overdue_problems,
            _missing_most(board),
        ]
        for board in boards
    ]
    checked, total = sum(board.checked for board in boards), sum(board.total for board in boards)
    return section(
        "looks",
        "四看督导结果",
        text(
            f"应督导项目 {total} 个，今年督导过 {checked} 个（{share(checked, total)}），未督导 {total - checked} 个。"
        ),
        table("四看督导结果", LOOKS, rows, unit="单位：个、次"),
        *(block for board in boards for block in outcome_blocks(board)),
    )


def _missing_most(board):
    found = [each for each in board.missing_most if each.missing][:MISSING_SHOWN]
    return "\n".join(f"{each.question.question}（{each.missing} 个为否）" for each in found) or "没有缺项"


# The inspection's stops


def stops(material):
    """Read as they stand today, since scores come in after the quarter's last day; a closed round never changes."""
    with reading(material.county, None):
        results = [rounds.results(round_) for round_ in material.rounds]
        blocks = [block for result in results for block in _round(result, is_only=len(results) == 1)]
    word = material.period.word
    if not results:
        blocks = [text(f"{material.period.label}没有组织观摩。")]
    elif len(results) > 1:
        blocks.insert(0, text(f"{word}组织观摩 {len(results)} 次，各次分别评分、分别排名。"))
    if results and material.past:
        blocks.append(text("评分在季末之后还会提交：得分、名次和问题的办理情况是生成报告时的。"))
    return section("stops", f"{word}观摩", *blocks)


def _round(result, is_only):
    round_ = result.round
    days = f"{round_.starts_on} 至 {round_.ends_on}"
    judged = f"观摩点 {len(result.route)} 个，评委 {len(result.judges)} 人，平均得分 {result.average or '—'}。"
    rows = [
        [
            row.place,
            row.stop.plan.project.name,
            str(row.stop.plan.project.unit or "未明确"),
            str(row.stop.plan.leader or "未明确"),
            row.score,
            f"{len(row.counted)} 份（共 {len(row.scored)} 份）",
        ]
        for row in result.rows
    ]
    return [
        text(f"{round_.title}（{days}，{round_.get_state_display()}）：{judged}{result.rule}。"),
        table("观摩得分和名次" if is_only else f"{round_.title}得分和名次", RANKING, rows),
        {"type": "stops", "items": _stops(result)},
    ]


def _stops(result):
    found = Finding.objects.filter(stop__round=result.round).select_related("problem").order_by("stop", "pk")
    assigned = Matter.objects.filter(stop__round=result.round).select_related("unit").order_by("stop", "seq", "pk")
    photos = SitePhoto.objects.filter(stop__round=result.round).order_by("stop", "pk")
    of_stop = [_by_stop(rows) for rows in (found, assigned, photos)]
    return [_stop(row, *(rows.get(row.stop.pk, []) for rows in of_stop)) for row in result.route]


def _by_stop(rows):
    found = {}
    for row in rows:
        found.setdefault(row.stop_id, []).append(row)
    return found


def _stop(row, found, assigned, photos):
    stop, project = row.stop, row.stop.plan.project
    return {
        "seq": stop.seq,
        "name": project.name,
        "town": str(project.town or ""),
        "unit": str(project.unit or "未明确"),
        "leader": str(stop.plan.leader or "未明确"),
        "look_at": plain("text", stop.look_at),
        "score": plain(SCORE, row.score),
        "place": row.place,
        "criteria": [
            {"name": criterion.name, "weight": criterion.weight, "points": plain(SCORE, points)}
            for criterion, points in row.by_criterion
        ],
        "strengths": [plain("text", each.text) for each in found if each.kind == Finding.Kind.STRENGTH],
        "defects": [_defect(each) for each in found if each.kind == Finding.Kind.DEFECT],
        "matters": [plain("text", f"{clause(each.text)}（{each.unit}，{each.deadline} 前）") for each in assigned],
        "photos": [picture for photo in photos[:PHOTOS_OF_STOP] if (picture := _photo(photo))],
    }


def _defect(finding):
    problem = finding.problem
    more = (
        f"（措施：{clause(problem.measure) or '未填'}；时限 {problem.deadline}；{problem.get_state_display()}）"
        if problem
        else ""
    )
    return plain("text", clause(finding.text) + more if more else finding.text)


def _photo(photo):
    """A smaller copy inside the content itself: it stays whatever becomes of the file. None where that is gone."""
    try:
        with photo.file.open("rb") as file, Image.open(file) as picture:
            picture.draft("RGB", (PHOTO_SIDE, PHOTO_SIDE))
            picture.thumbnail((PHOTO_SIDE, PHOTO_SIDE), Image.Resampling.LANCZOS)
            out = io.BytesIO()
            picture.convert("RGB").save(out, "JPEG", quality=78)
    except (FileNotFoundError, UnidentifiedImageError):
        return None
    return {
        "caption": plain("text", photo.caption),
        "day": str(timezone.localdate(photo.uploaded_at)),
        "jpeg": base64.b64encode(out.getvalue()).decode(),
    }


# Matters


def matters_of(material):
    """Those decided in the period, and those of before that are still open, as they stood on the day."""
    decided = Matter.objects.filter(county=material.county, decided_on__lte=material.day).in_force()
    decided = decided.exclude(state=MatterState.REVOKED)
    if material.leader is not None:
        decided = decided.filter(leader=material.leader)
    rows = [
        row
        for row in matters.rows_of(decided.order_by("deadline", "pk"), material.day)
        if row.matter.decided_on >= material.period.first_day or row.matter.state not in SETTLED
    ]
    rows.sort(key=matters.urgency)
    return section(
        "matters",
        "交办事项落实情况",
        text(f"{material.period.word}交办的和以前交办尚未办结的事项{_counted(rows)}"),
        table("交办事项", MATTERS, [_matter(material, *each) for each in enumerate(rows, 1)], empty="没有交办事项。"),
    )


def _counted(rows):
    tally = matters.tally(rows)
    done = f"已办结 {tally.done} 项（其中逾期办结 {tally.late_done} 项）"
    left = f"未办结 {tally.open} 项（其中逾期 {tally.overdue} 项）"
    return f"共 {len(rows)} 项：{done}，{left}，不再办理 {tally.dropped} 项。"


def _matter(material, number, row):
    matter = row.matter
    return [
        number,
        matter.text,
        matter.origin,
        str(matter.unit),
        str(matter.leader or ""),
        str(matter.deadline),
        "\n".join(part for part in (f"{row.clock.shape} {row.clock.words}", _said(material, row)) if part),
    ]


def _said(material, row):
    """What was said last, unless it was said after the report's day."""
    return row.latest_words if row.latest and row.latest.at <= end_of_day(material.day) else ""
