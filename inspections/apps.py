from django.apps import AppConfig
from django.core import checks


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "督导观摩"

    def ready(self):
        from inspections import notices  # needs the models, which are loaded only now

        checks.register(fonts_are_there)
        notices.register_all()


def fonts_are_there(app_configs, **kwargs):
    """A warning, no error: everything but the PDF of letters and reports works without them."""
    from inspections.documents import fonts  # reads settings, which are ready only now

    try:
        fonts.chosen()
    except fonts.NoFont as missing:
        return [checks.Warning(f"不能生成公文和报告的 PDF：{missing}", id="inspections.W001")]
    return []
