"""Two people edited one schedule: line by line what each wrote, and the page as it is after one has chosen.

A sent line carries what it said when it was read (`read_version`), which tells own changes from the other's.
"""

from portfolio import schedule_texts as texts
from portfolio.conflicts import MINE, THEIRS, Conflict

NONE_HERE, REMOVED = "（没有这个节点）", "（已删除）"
NO_AMOUNT = "未填"


def conflicts(lines, amounts, read_amounts, stored, stored_amounts):
    """[Conflict] of all that the other changed and that is sent differently.

    `lines` and `amounts` are what was sent, `read_amounts` the twelve texts that the page showed when it was read.
    """
    found = [*_line_conflicts(lines, {line["pk"]: line for line in stored})]
    for month, (mine, base, theirs) in enumerate(zip(amounts, read_amounts, stored_amounts, strict=True), 1):
        if theirs not in {mine, base}:
            told = [text or NO_AMOUNT for text in (base, mine, theirs)]
            found.append(_conflict(f"month_{month}", f"{month}月计划投资", *told, untouched=mine == base))
    return found


def _line_conflicts(lines, stored):
    for line in lines:
        base, theirs = line["read_version"], stored.pop(line["pk"], None)
        mine = "" if line["remove"] else texts.text_of(line)
        if not line["pk"] or (theirs is not None and texts.text_of(theirs) in {mine, base}):
            continue
        if theirs is None and line["remove"]:
            continue
        yield _conflict(
            line["pk"],
            line["name"],
            texts.told(texts.line_from(base)),
            REMOVED if line["remove"] else texts.told(line),
            REMOVED if theirs is None else texts.told(theirs),
            untouched=mine == base,
        )
    for pk, line in stored.items():
        yield _conflict(pk, line["name"], NONE_HERE, NONE_HERE, texts.told(line), untouched=True)


def _conflict(key, label, base, mine, theirs, *, untouched):
    return Conflict(
        key=key,
        label=label,
        base=base,
        mine=mine,
        theirs=theirs,
        chosen=THEIRS if untouched else MINE,
        both_changed=not untouched,
    )


def settled(data, stored, stored_amounts):
    """(lines, amounts) of a sent page after its choices `keep_…`: one's own text unless 对方 was chosen."""
    stored = {line["pk"]: line for line in stored}
    lines = []
    for line in texts.sent_lines(data):
        theirs = stored.pop(line["pk"], None)
        if data.get(f"keep_{line['pk']}") == THEIRS:
            lines += [theirs] if theirs else []
        elif theirs or not line["pk"]:
            lines.append(line)
        elif not line["remove"]:
            # The other removed it and it is wanted back: it comes as a new milestone.
            lines.append(line | {"pk": "", "read_version": ""})
    lines += [line for pk, line in stored.items() if data.get(f"keep_{pk}") == THEIRS]
    amounts = [
        theirs if data.get(f"keep_month_{month}") == THEIRS else mine
        for month, (mine, theirs) in enumerate(zip(texts.sent_amounts(data), stored_amounts, strict=True), 1)
    ]
    return lines, amounts


def page_data(lines, amounts, rest):
    """What a page with these lines and amounts would send; `rest` is {name: text} beside them."""
    data = dict(rest)
    for place, line in enumerate(lines):
        data |= {f"node-{place}-{field}": text for field, text in line.items() if text}
    data |= {f"month_{month}": text for month, text in enumerate(amounts, 1)}
    return data | {"node-TOTAL_FORMS": str(len(lines)), "node-INITIAL_FORMS": "0"}
