"""Addresses of this part of the room 督导观摩."""

urlpatterns = []
