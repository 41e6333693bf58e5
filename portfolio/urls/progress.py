from django.urls import path

from portfolio.views import gantt, lights, progress

urlpatterns = [
    path("progress/", progress.progress_curves, name="progress"),
    path("progress/lights/", lights.lights, name="lights"),
    path("progress/gantt/", gantt.gantt, name="gantt"),
]
