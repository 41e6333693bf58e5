from django.urls import path

from portfolio.views import notice_rules, notices

urlpatterns = [
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.notices_read, name="notices-read"),
    path("notices/<int:pk>/", notices.notice_open, name="notice-open"),
    path("rules/notices/", notice_rules.notice_rules_page, name="notice-rules"),
]
