from django.urls import path

from portfolio.views import (
    calendar_days,
    county_week,
    dispatch,
    photos,
    quality,
    review,
    week_files,
    week_list,
    week_sheet,
)

urlpatterns = [
    path("dispatch/", dispatch.dispatch_entry, name="dispatch"),
    path("dispatch/plans/<int:pk>/<slug:week>/photos/", photos.photo_add, name="photo-add"),
    path("dispatch/photos/<int:pk>/", photos.photo, name="photo"),
    path("dispatch/photos/<int:pk>/thumbnail/", photos.photo_thumbnail, name="photo-thumbnail"),
    path("dispatch/quality/", quality.quality, name="quality"),
    path("dispatch/quality/export/", quality.quality_export, name="quality-export"),
    path("dispatch/weeks/", week_list.week_list, name="week-list"),
    path("dispatch/<int:year>/<int:week>/", county_week.county_week, name="county-week"),
    path("dispatch/<int:year>/<int:week>/ledger.xlsx", week_files.ledger_file, name="ledger-file"),
    path("dispatch/<int:year>/<int:week>/bulletin.docx", week_files.bulletin_file, name="bulletin-file"),
    path("dispatch/<int:year>/<int:week>/accept/", review.accept_reports, name="reports-accept"),
    path("dispatch/<int:year>/<int:week>/return/<int:pk>/", review.report_return, name="report-return"),
    path("dispatch/<int:year>/<int:week>/lock/", review.week_lock, name="week-lock"),
    path("dispatch/<int:year>/<int:week>/reopen/", review.week_reopen, name="week-reopen"),
    path("dispatch/sheet/<int:year>/<int:week>/", week_sheet.week_sheet_page, name="week-sheet"),
    path("dispatch/sheet/<int:year>/<int:week>.xlsx", week_sheet.sheet_file, name="week-sheet-file"),
    path("base-data/calendar/", calendar_days.calendar_day_list, name="calendar-days"),
    path("base-data/calendar/<int:pk>/delete/", calendar_days.calendar_day_delete, name="calendar-day-delete"),
]
