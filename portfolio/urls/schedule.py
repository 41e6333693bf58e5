from django.urls import path

from portfolio.views import pauses, schedule, schedule_lists

urlpatterns = [
    path("schedule/", schedule_lists.schedule_list, name="schedule-list"),
    path("schedule/export/", schedule_lists.schedule_export, name="schedule-export"),
    path("schedule/paused/", pauses.paused_list, name="schedule-paused"),
    path("schedule/<int:pk>/", schedule.schedule, name="schedule"),
    path("schedule/<int:pk>/approve/", schedule.schedule_approve, name="schedule-approve"),
    path("schedule/<int:pk>/pause/", pauses.schedule_pause, name="schedule-pause"),
]
