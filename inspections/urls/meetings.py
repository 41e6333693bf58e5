"""月落实: the meetings, their minutes, and the matters that are followed until they are done."""

from django.urls import path

from inspections.views import matters, meetings

urlpatterns = [
    path("monthly/", meetings.meeting_list, name="meetings"),
    path("monthly/export/", meetings.meeting_export, name="meeting-export"),
    path("monthly/new/", meetings.meeting_new, name="meeting-new"),
    path("monthly/projects/", meetings.project_names, name="matter-projects"),
    path("monthly/<int:pk>/", meetings.meeting_detail, name="meeting-detail"),
    path("monthly/<int:pk>/edit/", meetings.meeting_edit, name="meeting-edit"),
    path("monthly/<int:pk>/matters/", meetings.meeting_matters, name="meeting-matters"),
    path("monthly/<int:pk>/issue/", meetings.meeting_issue, name="meeting-issue"),
    path("monthly/<int:pk>/discard/", meetings.meeting_discard, name="meeting-discard"),
    path("monthly/<int:pk>/minutes/", meetings.meeting_minutes, name="meeting-minutes"),
    path("matters/", matters.matter_list, name="matters"),
    path("matters/export/", matters.matter_export, name="matter-export"),
    path("matters/about/<slug:what>/<int:pk>/", matters.matters_about, name="matters-about"),
    path("matters/<int:pk>/", matters.matter_detail, name="matter-detail"),
    path("matters/<int:pk>/remove/", meetings.matter_remove, name="matter-remove"),
    path("matters/<int:pk>/<slug:verb>/", matters.matter_step, name="matter-step"),
]
