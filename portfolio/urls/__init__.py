from portfolio.urls import dispatch, jobs, notices, permits, problems, progress, register, schedule, six_ones

app_name = "portfolio"

urlpatterns = [
    *register.urlpatterns,
    *six_ones.urlpatterns,
    *schedule.urlpatterns,
    *dispatch.urlpatterns,
    *problems.urlpatterns,
    *permits.urlpatterns,
    *progress.urlpatterns,
    *notices.urlpatterns,
    *jobs.urlpatterns,
]
