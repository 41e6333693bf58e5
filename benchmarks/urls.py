from django.urls import path

from benchmarks import admin_peer, plain_peer, plain_week, written
from qinyuan_projects.urls import urlpatterns as product

urlpatterns = [
    path("bench/admin/", admin_peer.site.urls),
    path("bench/plain/", plain_peer.PlanList.as_view()),
    path("bench/plain/overview/", plain_peer.overview),
    path("bench/plain/export/", plain_peer.export),
    path("bench/plain/week/", plain_week.ReportList.as_view()),
    path("bench/plain/week/entry/", plain_week.entry),
    path("bench/plain/week/report/", plain_week.report),
    path("bench/write/", written.write),
    *product,
]
