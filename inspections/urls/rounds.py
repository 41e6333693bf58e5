"""季度观摩: the rounds, how one is organised, its scoring on the road, its stops and its result."""

from django.urls import path

from inspections.views import round_edit, round_recalls, rounds, scoring, stops

urlpatterns = [
    path("quarterly/", rounds.round_list, name="rounds"),
    path("quarterly/export/", rounds.round_list_export, name="rounds-export"),
    path("quarterly/new/", round_edit.round_new, name="round-new"),
    path("quarterly/<int:pk>/", rounds.round_detail, name="round"),
    path("quarterly/<int:pk>/edit/", round_edit.round_edit, name="round-edit"),
    path("quarterly/<int:pk>/stops/", round_edit.round_route, name="round-route"),
    path("quarterly/<int:pk>/judges/", round_edit.round_judges, name="round-judges"),
    path("quarterly/<int:pk>/criteria/", round_edit.round_criteria, name="round-criteria"),
    path("quarterly/<int:pk>/open/", rounds.round_open, name="round-open"),
    path("quarterly/<int:pk>/close/", rounds.round_close, name="round-close"),
    path("quarterly/<int:pk>/take-back/", round_recalls.round_take_back, name="round-take-back"),
    path("quarterly/<int:pk>/reopen/", round_recalls.round_reopen, name="round-reopen"),
    path("quarterly/<int:pk>/discard/", round_recalls.round_discard, name="round-discard"),
    path("quarterly/<int:pk>/result/", rounds.round_result, name="round-result"),
    path("quarterly/<int:pk>/result/export/", rounds.round_export, name="round-export"),
    path("quarterly/<int:pk>/score/", scoring.score_next, name="score"),
    path("quarterly/stops/<int:pk>/score/", scoring.score_stop, name="score-stop"),
    path("quarterly/projects/<int:pk>/", stops.project_stops, name="project-stops"),
    path("quarterly/stops/<int:pk>/", stops.stop_detail, name="stop"),
    path("quarterly/stops/<int:pk>/findings/", stops.finding_add, name="finding-add"),
    path("quarterly/stops/<int:pk>/matters/", stops.matter_assign, name="matter-assign"),
    path("quarterly/stops/<int:pk>/photos/", stops.stop_photos, name="stop-photos"),
    path("quarterly/stops/<int:pk>/photos/add/", stops.stop_photo_add, name="stop-photo-add"),
    path("quarterly/findings/<int:pk>/drop/", stops.finding_drop, name="finding-drop"),
]
