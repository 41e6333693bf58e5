from django.urls import path

from portfolio.views import (
    base_data,
    bulk,
    cells,
    change_sets,
    exporting,
    plan_table,
    project_changes,
    projects,
    saved_views,
)

app_name = "portfolio"

urlpatterns = [
    path("projects/", plan_table.plan_table, name="plan-table"),
    path("projects/export/", exporting.plan_export, name="plan-export"),
    path("projects/bulk/", bulk.plan_bulk, name="plan-bulk"),
    path("projects/cells/<int:pk>/<slug:key>/", cells.plan_cell, name="plan-cell"),
    path("projects/views/", saved_views.saved_views, name="saved-views"),
    path("projects/views/<int:pk>/delete/", saved_views.saved_view_delete, name="saved-view-delete"),
    path("projects/columns/", saved_views.plan_columns, name="plan-columns"),
    path("projects/columns/<int:pk>/delete/", saved_views.layout_delete, name="layout-delete"),
    path("projects/changes/", change_sets.change_list, name="change-list"),
    path("projects/changes/<int:pk>/undo/", change_sets.change_undo, name="change-undo"),
    path("projects/add/", projects.project_add, name="project-add"),
    path("projects/<int:pk>/", projects.project_detail, name="project-detail"),
    path("projects/<int:pk>/edit/", projects.project_edit, name="project-edit"),
    path("projects/<int:pk>/plans/add/", project_changes.add_year, name="project-add-year"),
    path("projects/<int:pk>/plans/<int:year>/state/", project_changes.plan_state, name="plan-state"),
    path("projects/<int:pk>/parent/", project_changes.project_parent, name="project-parent"),
    path("projects/<int:pk>/components/", project_changes.project_components, name="project-components"),
    path("projects/<int:pk>/aliases/", project_changes.project_aliases, name="project-aliases"),
    path("base-data/units/", base_data.row_list, {"kind": "unit"}, name="unit-list"),
    path("base-data/units/add/", base_data.row_add, {"kind": "unit"}, name="unit-add"),
    path("base-data/units/<int:pk>/edit/", base_data.row_edit, {"kind": "unit"}, name="unit-edit"),
    path("base-data/leaders/", base_data.row_list, {"kind": "leader"}, name="leader-list"),
    path("base-data/leaders/add/", base_data.row_add, {"kind": "leader"}, name="leader-add"),
    path("base-data/leaders/<int:pk>/edit/", base_data.row_edit, {"kind": "leader"}, name="leader-edit"),
    path("base-data/towns/", base_data.row_list, {"kind": "town"}, name="town-list"),
    path("base-data/towns/add/", base_data.row_add, {"kind": "town"}, name="town-add"),
    path("base-data/towns/<int:pk>/edit/", base_data.row_edit, {"kind": "town"}, name="town-edit"),
]
