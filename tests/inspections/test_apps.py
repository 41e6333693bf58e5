"""The system check of fonts: silent where documents can be set, a warning with its remedy where not."""

from inspections import apps
from inspections.documents import fonts


def test_fonts_that_are_there_are_not_spoken_of():
    assert apps.fonts_are_there(None) == []


def test_missing_fonts_are_a_warning(monkeypatch):
    def nothing():
        raise fonts.NoFont("服务器上没有可用于“仿宋_GB2312”的字体。")

    monkeypatch.setattr(fonts, "chosen", nothing)

    assert [(each.id, each.msg) for each in apps.fonts_are_there(None)] == [
        ("inspections.W001", "不能生成公文和报告的 PDF：服务器上没有可用于“仿宋_GB2312”的字体。")
    ]
