from inspections.models.checks import CheckAnswer, Checklist, ChecklistItem, Look, SupervisionCheck
from inspections.models.letters import Letter, LetterEvent, LetterKind, LetterSeries
from inspections.models.meetings import Matter, MatterEvent, Meeting
from inspections.models.pictures import SitePhoto
from inspections.models.reports import IssuedReport, ReportKind
from inspections.models.rounds import Criterion, Finding, Judge, Round, ScoreSheet, Stop

__all__ = [
    "CheckAnswer",
    "Checklist",
    "ChecklistItem",
    "Criterion",
    "Finding",
    "IssuedReport",
    "Judge",
    "Letter",
    "LetterEvent",
    "LetterKind",
    "LetterSeries",
    "Look",
    "Matter",
    "MatterEvent",
    "Meeting",
    "ReportKind",
    "Round",
    "ScoreSheet",
    "SitePhoto",
    "Stop",
    "SupervisionCheck",
]
