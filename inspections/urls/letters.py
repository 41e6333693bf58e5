"""督办文书: letters, their documents, and their numbers."""

from django.urls import path

from inspections.views import letter_detail, letters

urlpatterns = [
    path("letters/", letters.letter_list, name="letters"),
    path("letters/export/", letters.letter_export, name="letter-export"),
    path("letters/new/", letters.letter_new, name="letter-new"),
    path("letters/series/", letters.letter_series, name="letter-series"),
    path("letters/about/<slug:what>/<int:pk>/", letters.letters_about, name="letters-about"),
    path("letters/<int:pk>/", letter_detail.letter_detail, name="letter-detail"),
    path("letters/<int:pk>/letter.pdf", letter_detail.letter_pdf, name="letter-pdf"),
    path("letters/<int:pk>/letter.docx", letter_detail.letter_docx, name="letter-docx"),
    path("letters/<int:pk>/<slug:verb>/", letter_detail.letter_step, name="letter-step"),
]
