"""Text on its way into spreadsheet cells and back, so that nothing typed in a cell is ever taken for a formula."""

import re

_FORMULA = r"[=+\-@\t\r\n＝＋－＠]"
_RISKY = re.compile(rf"'*{_FORMULA}")
_GUARDED = re.compile(rf"'+{_FORMULA}")
# What XML 1.0, and so an .xlsx file, can't hold.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def is_risky(text):
    """Whether a spreadsheet could take this text for a formula when it is typed or pasted."""
    return _RISKY.match(text) is not None


def guard(text):
    """For .csv, which knows no types: `=1+1` → `'=1+1`. `unguard` gives the text back, whatever it was."""
    return f"'{text}" if is_risky(text) else text


def unguard(text):
    """A text cell of a .csv file as it was before `guard`; other text, such as `'s-Hertogenbosch`, as it is."""
    return text[1:] if _GUARDED.match(text) else text


def writable(text):
    """Without the control characters no .xlsx file may hold, and with one kind of line break."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n"))
