from django.urls import path

from portfolio.views import duties, leaders, six_ones, six_ones_export

urlpatterns = [
    path("six-ones/", six_ones.six_ones, name="six-ones"),
    path("six-ones/export/", six_ones_export.six_ones_export, name="six-ones-export"),
    path("six-ones/assign/", duties.assign, name="six-ones-assign"),
    path("six-ones/<int:pk>/", duties.plan_duties, name="plan-duties"),
    path("leaders/", leaders.leader_board, name="leaders"),
    path("leaders/export/", leaders.leader_export, name="leader-export"),
    path("leaders/me/", leaders.leader_me, name="leader-me"),
    path("leaders/none/", leaders.leader_rest, {"key": "none"}, name="leader-none"),
    path("leaders/all/", leaders.leader_rest, {"key": "all"}, name="leader-all"),
    path("leaders/<int:pk>/", leaders.leader_detail, name="leader-detail"),
    path("leaders/<int:pk>/visits/add/", leaders.visit_add, name="visit-add"),
    path("leaders/<int:pk>/visits/<int:visit>/delete/", leaders.visit_delete, name="visit-delete"),
]
