"""四看督导: the boards of the looks, checks on site, their photos and their lists of questions."""

from django.urls import path

from inspections.views import pictures

urlpatterns = [
    path("site-photos/<int:pk>/", pictures.site_photo, name="site-photo"),
    path("site-photos/<int:pk>/small/", pictures.site_photo_thumbnail, name="site-photo-small"),
]
