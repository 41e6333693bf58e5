"""Django's own admin over the same rows, set up as a careful developer would: no query per row, one county only."""

from django.contrib import admin

from portfolio.models import AnnualPlan

site = admin.AdminSite(name="admin")


def of_project(field, label):
    return admin.display(description=label, ordering=f"project__{field}")(lambda plan: getattr(plan.project, field))


@admin.register(AnnualPlan, site=site)
class AnnualPlanAdmin(admin.ModelAdmin):
    list_display = (
        "seq",
        of_project("name", "项目名称"),
        of_project("address", "建设地址"),
        of_project("started_on", "开工时间"),
        "progress",
        of_project("content", "主要建设内容"),
        of_project("total_investment", "总投资"),
        "planned_investment",
        of_project("unit", "责任单位"),
        "leader",
        "remark",
    )
    list_filter = (
        "year",
        "project__category",
        "project__stage",
        "project__level",
        ("project__town", admin.RelatedOnlyFieldListFilter),
        ("project__unit", admin.RelatedOnlyFieldListFilter),
        ("leader", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("project__name",)
    list_select_related = ("project__unit", "leader")
    list_per_page = 50
    list_max_show_all = 1000
    ordering = ("seq",)

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)
