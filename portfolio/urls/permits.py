"""Addresses of permits, factors, one-stop services and funds."""

urlpatterns = []
