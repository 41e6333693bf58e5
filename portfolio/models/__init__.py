from portfolio.models.changes import ChangeSet
from portfolio.models.dispatch import (
    CalendarDay,
    DispatchWeek,
    Photo,
    WeeklyDispatch,
)
from portfolio.models.duties import WorkTeam
from portfolio.models.imports import HeaderMapping, ImportBatch
from portfolio.models.judging import LightRule, OwnLight, RankingWeights, WeekLight
from portfolio.models.notices import JobRun, Notice, NoticeKind, NoticeRule
from portfolio.models.outcomes import Outcome
from portfolio.models.permits import (
    FactorNeed,
    FundFlow,
    FundSource,
    Permit,
    PermitKind,
    ServiceRequest,
)
from portfolio.models.problems import Problem, ProblemEvent
from portfolio.models.register import (
    AnnualPlan,
    Component,
    Leader,
    Project,
    ProjectAlias,
    Town,
)
from portfolio.models.schedule import (
    Milestone,
    MonthlyTarget,
    Pause,
    Schedule,
    ScheduleChange,
)
from portfolio.models.table_views import SavedView, TableLayout
from portfolio.models.visits import Visit

__all__ = [
    "AnnualPlan",
    "CalendarDay",
    "ChangeSet",
    "Component",
    "DispatchWeek",
    "FactorNeed",
    "FundFlow",
    "FundSource",
    "HeaderMapping",
    "ImportBatch",
    "JobRun",
    "Leader",
    "LightRule",
    "Milestone",
    "MonthlyTarget",
    "Notice",
    "NoticeKind",
    "NoticeRule",
    "Outcome",
    "OwnLight",
    "Pause",
    "Permit",
    "PermitKind",
    "Photo",
    "Problem",
    "ProblemEvent",
    "Project",
    "ProjectAlias",
    "RankingWeights",
    "SavedView",
    "Schedule",
    "ScheduleChange",
    "ServiceRequest",
    "TableLayout",
    "Town",
    "Visit",
    "WeekLight",
    "WeeklyDispatch",
    "WorkTeam",
]
