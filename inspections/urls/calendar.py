"""Addresses of the first page of 督导观摩 and of its calendar."""

from django.urls import path

from inspections.views import home

urlpatterns = [path("", home.home, name="home")]
