from django.urls import include, path

from qinyuan_projects import views
from qinyuan_projects.overview import overview, screen

urlpatterns = [
    path("", overview, name="overview"),
    path("screen/", screen, name="screen"),
    path("start/", views.start, name="start"),
    path("healthz", views.health, name="health"),
    path("", include("accounts.urls")),
    path("", include("portfolio.urls")),
    path("inspections/", include("inspections.urls")),
]

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.not_found
handler500 = views.server_error
