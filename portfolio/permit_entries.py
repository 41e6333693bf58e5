"""What somebody says of a permit, and what speaks against it; before it is written (portfolio.actions.permits)."""

from dataclasses import dataclass, field

from portfolio.models.permits import PermitKind, PermitState
from portfolio.permit_files import ApprovalFile

DATES = ("asked_on", "due_on", "granted_on", "valid_until")
TEXTS = ("number", "office", "note")
FIELDS = ("state", *DATES, *TEXTS)
# What a permit that is not even asked for can't have.
OF_ASKED = ("asked_on", "due_on", "granted_on", "number", "valid_until")
OF_GRANTED = ("granted_on", "number", "valid_until")
LABELS = {
    "asked_on": "受理日期",
    "due_on": "应办结日期",
    "granted_on": "办结日期",
    "valid_until": "有效期至",
    "number": "文号",
}


def token_of(permit):
    """The stored row as its reader saw it; empty for none."""
    return f"{permit.pk}:{permit.row_version}" if permit else ""


def values_of(permit):
    """{field: value} of a stored row, or of nothing (未填)."""
    if permit is None:
        return {"state": "", **dict.fromkeys(DATES), **dict.fromkeys(TEXTS, "")}
    return {name: getattr(permit, name) for name in FIELDS}


@dataclass(frozen=True)
class PermitEntry:
    """`values` has all FIELDS; an empty state is 未填. `seen` is `token_of` the row that the writer saw.

    `file` is a new approval; `drop_file` takes the stored one away.
    """

    kind: PermitKind
    values: dict = field(hash=False)
    seen: str = ""
    file: ApprovalFile | None = None
    drop_file: bool = False

    def touches(self, seen_values):
        """Whether its writer changed anything of what was seen."""
        return self.file is not None or self.drop_file or self.values != seen_values

    def changes(self, permit):
        """Names of what it would change in the stored row (or None, where there is none)."""
        before = values_of(permit)
        changed = [name for name in FIELDS if before[name] != self.values[name]]
        if self.file or (self.drop_file and permit and permit.file):
            changed.append("file")
        return changed


def faults(entry, permit, today):
    """{field: why not, in Chinese} of an entry; `permit` is the stored row or None."""
    state, given = entry.values["state"], [name for name in LABELS if entry.values[name]]
    if not state:
        return _faults_of_unfilled(entry, permit, given)
    found = _faults_of_state(entry, state)
    for name in ("asked_on", "granted_on"):
        if entry.values[name] and entry.values[name] > today:
            found.setdefault(name, f"{LABELS[name]} {entry.values[name]} 还没有到，请填写 {today} 或以前的日期。")
    for name, since in (("granted_on", "asked_on"), ("due_on", "asked_on"), ("valid_until", "granted_on")):
        if entry.values[name] and entry.values[since] and entry.values[name] < entry.values[since]:
            told = f"{LABELS[name]} {entry.values[name]} 早于{LABELS[since]} {entry.values[since]}，请核对。"
            found.setdefault(name, told)
    return found


def _faults_of_unfilled(entry, permit, given):
    if given or entry.values["office"] or entry.values["note"] or entry.file:
        return {"state": "填了内容，请选择办理情况：未办、在办、承诺办理、办结或不涉及。"}
    if permit and permit.file and not entry.drop_file:
        return {"state": "已上传批文，不能改回未填。请先勾选“删除批文”。"}
    return {}


def _faults_of_state(entry, state):
    label = PermitState(state).label
    if state == PermitState.PROMISED and not entry.kind.can_be_promised:
        return {"state": f"“{entry.kind.short_name}”不能承诺办理，请选择其他办理情况。"}
    if state in {PermitState.NOT_ASKED, PermitState.NOT_NEEDED}:
        # A deadline may be set for what is still to be asked for.
        kept = {"due_on"} if state == PermitState.NOT_ASKED else set()
        barred = [name for name in OF_ASKED if name not in kept]
    else:
        barred = [] if state == PermitState.GRANTED else OF_GRANTED
    return {
        name: f"办理情况是“{label}”，不应有{LABELS[name]}。请清空，或改选办理情况。"
        for name in barred
        if entry.values[name]
    }
