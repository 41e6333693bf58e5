from django.urls import path

from portfolio.views import jobs

urlpatterns = [
    path("jobs/", jobs.job_list, name="jobs"),
]
