"""What waits for the account, for pages outside the room."""

from django.urls import path

from inspections.views import waiting

urlpatterns = [path("waiting/", waiting.waiting, name="waiting")]
