"""Addresses of permits, factors, one-stop services and funds."""

from django.urls import path

from portfolio.views import permit_kinds, permits

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
]
