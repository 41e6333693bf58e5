"""How well the watch over data quality finds what was planted in the demo: precision and recall, kind by kind.

A finding is true when a defect of its kind was planted in its project, in one of its weeks; a planted defect is found
when a finding is true of it. Whatever else is reported is a false alarm, whether or not an official would look at it.
"""

from dataclasses import dataclass
from functools import cached_property

from portfolio.quality import Kind as Watched
from qinyuan_projects.demo.defects import DEFECTS, Kind

WATCHED_AS = {
    Kind.COPIED: Watched.COPIED,
    Kind.PERCENT_FALLS: Watched.PERCENT_FALLS,
    Kind.MONEY_FALLS: Watched.MONEY_FALLS,
    Kind.MONEY_JUMPS: Watched.MONEY_JUMPS,
    Kind.TEN_TIMES: Watched.MONEY_JUMPS,
    Kind.MONEY_ALONE: Watched.MONEY_ALONE,
    Kind.PERCENT_ALONE: Watched.PERCENT_ALONE,
    Kind.STUCK: Watched.STUCK,
    Kind.ABOVE_PLAN: Watched.ABOVE,
    Kind.MISSING: Watched.MISSING,
    Kind.PHOTO_REUSED: Watched.PHOTO_REUSED,
}


@dataclass(frozen=True)
class Score:
    label: str
    reported: int
    true: int
    planted: int
    found: int

    def __str__(self):
        precision, recall = _share(self.true, self.reported), _share(self.found, self.planted)
        return f"{self.label}\t{self.reported}\t{self.true}\t{precision}\t{self.planted}\t{self.found}\t{recall}"


def _share(part, whole):
    return f"{100 * part / whole:.0f}%" if whole else "—"


def is_of(finding, defect):
    """Whether the finding is true of the planted defect."""
    return (
        finding.kind == WATCHED_AS[defect.kind]
        and finding.plan.project.name == defect.project
        and finding.first <= defect.last
        and finding.last >= defect.first
    )


class Detection:
    def __init__(self, findings, defects=DEFECTS):
        self.findings = findings
        self.defects = defects

    @cached_property
    def _true(self):
        return [finding for finding in self.findings if any(is_of(finding, defect) for defect in self.defects)]

    @cached_property
    def _found(self):
        return [defect for defect in self.defects if any(is_of(finding, defect) for finding in self.findings)]

    @property
    def scores(self):
        """[Score] of each kind that the watch knows."""
        return [self._score(kind.label, {kind}) for kind in Watched]

    @property
    def overall(self):
        return self._score("合计", set(Watched))

    def _score(self, label, kinds):
        reported, true = (sum(each.kind in kinds for each in rows) for rows in (self.findings, self._true))
        planted, found = (sum(WATCHED_AS[each.kind] in kinds for each in rows) for rows in (self.defects, self._found))
        return Score(label, reported, true, planted, found)

    @property
    def overlooked(self):
        return [
            f"{each.kind.value}，{each.project}，第{each.first}–{each.last}周"
            for each in self.defects
            if each not in self._found
        ]

    @property
    def false_alarms(self):
        return [
            f"{each.kind.label}，{each.plan.project}，{each.weeks_label}，{each.reason}"
            for each in self.findings
            if each not in self._true
        ]
