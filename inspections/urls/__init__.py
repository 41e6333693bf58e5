from inspections.urls import calendar, letters, looks, meetings, reports, rounds, waiting

app_name = "inspections"

urlpatterns = [
    *looks.urlpatterns,
    *meetings.urlpatterns,
    *letters.urlpatterns,
    *rounds.urlpatterns,
    *reports.urlpatterns,
    *calendar.urlpatterns,
    *waiting.urlpatterns,
]
