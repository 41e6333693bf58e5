from django.urls import path

from portfolio.views import progress

urlpatterns = [
    path("progress/", progress.progress_curves, name="progress"),
]
