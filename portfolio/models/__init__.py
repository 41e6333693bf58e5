from portfolio.models.changes import ChangeSet
from portfolio.models.imports import HeaderMapping, ImportBatch
from portfolio.models.register import (
    AnnualPlan,
    Component,
    Leader,
    Project,
    ProjectAlias,
    Town,
)
from portfolio.models.table_views import SavedView, TableLayout

__all__ = [
    "AnnualPlan",
    "ChangeSet",
    "Component",
    "HeaderMapping",
    "ImportBatch",
    "Leader",
    "Project",
    "ProjectAlias",
    "SavedView",
    "TableLayout",
    "Town",
]
