"""How a change is shown: old and new, and of long texts the part where they part."""

from portfolio.importing.outcomes import change


def test_a_short_change_is_shown_whole():
    assert change("total_investment", "总投资", None, "16,000") == {
        "key": "total_investment",
        "label": "总投资",
        "old": "",
        "new": "16,000",
    }


def test_long_texts_are_shown_from_where_they_differ():
    old, new = "建" * 100 + "旧" + "设" * 100, "建" * 100 + "新" + "设" * 100

    shown = change("content", "主要建设内容", old, new)

    assert shown["old"] == "…" + "建" * 12 + "旧" + "设" * 47 + "…"
    assert shown["new"] == "…" + "建" * 12 + "新" + "设" * 47 + "…"
