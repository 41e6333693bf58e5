"""四看督导: the boards of the looks, checks on site, their photos and their lists of questions."""

from django.urls import path

from inspections.views import checklists, checks, looks, pictures

urlpatterns = [
    path("looks/", looks.four_looks, name="looks"),
    path("looks/checks/new/", checks.check_new, name="check-new"),
    path("looks/checks/<int:pk>/", checks.check_detail, name="check-detail"),
    path("looks/checks/<int:pk>/edit/", checks.check_edit, name="check-edit"),
    path("looks/checks/<int:pk>/photos/", checks.check_photo_add, name="check-photo-add"),
    path("looks/projects/<int:pk>/", checks.project_checks, name="project-checks"),
    path("looks/<slug:look>/", looks.look, name="look"),
    path("looks/<slug:look>/export/", looks.look_export, name="look-export"),
    path("looks/<slug:look>/checklist/", checklists.checklist_page, name="checklist"),
    path("site-photos/<int:pk>/", pictures.site_photo, name="site-photo"),
    path("site-photos/<int:pk>/small/", pictures.site_photo_thumbnail, name="site-photo-small"),
]
