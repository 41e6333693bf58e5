from django.urls import path

from portfolio.views import plan_table

app_name = "portfolio"

urlpatterns = [
    path("projects/", plan_table.plan_table, name="plan-table"),
]
