"""Addresses of permits, factors, one-stop services, funds and outcomes."""

from django.urls import path

from portfolio.views import permit_kinds, permits, project_rows

urlpatterns = [
    path("permits/", permits.permit_matrix, name="permits"),
    path("permits/set/", permits.permit_bulk, name="permit-bulk"),
    path("permits/export/", permits.permit_export, name="permit-export"),
    path("permits/kinds/", permit_kinds.kind_list, name="permit-kinds"),
    path("permits/kinds/add/", permit_kinds.kind_add, name="permit-kind-add"),
    path("permits/kinds/defaults/", permit_kinds.kind_defaults, name="permit-kind-defaults"),
    path("permits/kinds/<int:pk>/edit/", permit_kinds.kind_edit, name="permit-kind-edit"),
    path("permits/<int:pk>/file/", permits.permit_file, name="permit-file"),
    path("projects/<int:pk>/permits/", permits.project_permits, name="project-permits"),
    path("permits/factors/", project_rows.row_list, {"name": "factors"}, name="factors"),
    path("permits/factors/export/", project_rows.row_export, {"name": "factors"}, name="factors-export"),
    path("projects/<int:pk>/factors/", project_rows.project_rows, {"name": "factors"}, name="project-factors"),
    path("permits/funds/", project_rows.row_list, {"name": "funds"}, name="funds"),
    path("permits/funds/export/", project_rows.row_export, {"name": "funds"}, name="funds-export"),
    path("projects/<int:pk>/funds/", project_rows.project_rows, {"name": "funds"}, name="project-funds"),
    path("permits/services/", project_rows.row_list, {"name": "services"}, name="services"),
    path("permits/services/export/", project_rows.row_export, {"name": "services"}, name="services-export"),
    path("projects/<int:pk>/services/", project_rows.project_rows, {"name": "services"}, name="project-services"),
    path("permits/outcomes/", project_rows.row_list, {"name": "outcomes"}, name="outcomes"),
    path("permits/outcomes/export/", project_rows.row_export, {"name": "outcomes"}, name="outcomes-export"),
    path("projects/<int:pk>/outcomes/", project_rows.project_rows, {"name": "outcomes"}, name="project-outcomes"),
    path("projects/<int:pk>/funds/flows/", project_rows.flow_add, name="flow-add"),
    path("projects/<int:pk>/funds/flows/<int:flow>/delete/", project_rows.flow_delete, name="flow-delete"),
]
