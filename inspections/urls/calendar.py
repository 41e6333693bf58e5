"""Addresses of the first page of 督导观摩 and of its calendar."""

from django.urls import path

from inspections.views import calendar, home

urlpatterns = [
    path("", home.home, name="home"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/export/", calendar.calendar_export, name="calendar-export"),
    path("calendar.ics", calendar.calendar_file, name="calendar-file"),
]
