from django.urls import path

from portfolio.views import forecast, gantt, lights, own_lights, progress, rankings, reporting_map, rules, waterfall

urlpatterns = [
    path("progress/", progress.progress_curves, name="progress"),
    path("progress/lights/", lights.lights, name="lights"),
    path("progress/gantt/", gantt.gantt, name="gantt"),
    path("progress/plan-changes/", waterfall.waterfall, name="waterfall"),
    path("progress/reporting/", reporting_map.reporting_map, name="reporting-map"),
    path("progress/reporting/export/", reporting_map.reporting_map_export, name="reporting-map-export"),
    path("progress/forecast/", forecast.forecast, name="forecast"),
    path("progress/forecast/export/", forecast.forecast_export, name="forecast-export"),
    path("progress/forecast/line/", forecast.forecast_line, name="forecast-line"),
    path("progress/rankings/", rankings.rankings, name="rankings"),
    path("progress/rankings/export/", rankings.rankings_export, name="rankings-export"),
    path("progress/judgements/", own_lights.own_lights, name="own-lights"),
    path("progress/judgements/export/", own_lights.own_lights_export, name="own-lights-export"),
    path("progress/judgements/<int:pk>/", own_lights.own_light, name="own-light"),
    path("rules/lights/", rules.light_rule_page, name="light-rules"),
    path("rules/rankings/", rules.ranking_weights_page, name="ranking-weights"),
]
