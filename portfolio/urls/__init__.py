from portfolio.urls import dispatch, permits, problems, progress, register, schedule, six_ones

app_name = "portfolio"

urlpatterns = [
    *register.urlpatterns,
    *six_ones.urlpatterns,
    *schedule.urlpatterns,
    *dispatch.urlpatterns,
    *problems.urlpatterns,
    *permits.urlpatterns,
    *progress.urlpatterns,
]
