"""报告: issued reports, issuing one, and their files."""

from django.urls import path

from inspections.views import reports

urlpatterns = [
    path("reports/", reports.report_list, name="reports"),
    path("reports/export/", reports.report_list_export, name="reports-export"),
    path("reports/new/", reports.report_new, name="report-new"),
    path("reports/<int:pk>/", reports.report_detail, name="report"),
    path("reports/<int:pk>/<slug:ending>/", reports.report_file, name="report-file"),
]
