from django.urls import path

from portfolio.views import problems, problems_export

urlpatterns = [
    path("problems/", problems.problem_list, name="problem-list"),
    path("problems/export/", problems_export.problem_export, name="problem-export"),
    path("problems/add/", problems.problem_add, name="problem-add"),
    path("problems/add/projects/", problems.project_suggestions, name="problem-projects"),
    path("problems/<int:pk>/", problems.problem_detail, name="problem-detail"),
    path("problems/<int:pk>/<slug:verb>/", problems.problem_step, name="problem-step"),
]
