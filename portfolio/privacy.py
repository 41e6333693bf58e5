"""Contact phones: masked for whoever is neither of the unit nor of the project office (design §7)."""

import re

_DIGIT = "[0-9０-９]"
_GAP = "[ \u00a0\u3000]?[-‐‑–—－]?[ \u00a0\u3000]?"
# Not the end of a longer number (but of +86…), and not the beginning of one, whole or with decimals.
_BEGINS = f"(?:(?<!{_DIGIT})(?<!{_DIGIT}[.．,，])|(?<=[+＋]86)|(?<=[+＋]８６))"
_ENDS = f"(?!{_DIGIT})(?![.．]{_DIGIT})"
_MOBILE = re.compile(f"{_BEGINS}([1１][3-9３-９]{_DIGIT}){_DIGIT}{{4}}({_DIGIT}{{4}}){_ENDS}")
# In parts (138 1234 5678) it must not be a piece of a code or a document's number: no mobile begins with 140 to 144,
# as codes of Shanxi do; a code goes on before or after it with a hyphen, and 号 follows a document's number.
_IN_PARTS = re.compile(
    f"{_BEGINS}(?<!{_DIGIT}[-‐‑–—－])([1１](?:[3５-９35-9３]{_DIGIT}|[4４][5-9５-９])){_GAP}{_DIGIT}{{4}}{_GAP}({_DIGIT}{{4}})"
    f"{_ENDS}(?![-‐‑–—－]{_DIGIT})(?! ?号(?!码))"
)
_LANDLINE = re.compile(
    f"(?<!{_DIGIT})([0０]{_DIGIT}{{2,3}}(?:[)）] ?|[-‐‑–—－ \u00a0\u3000])?){_DIGIT}{{3,4}}({_DIGIT}{{4}})(?!{_DIGIT})"
)


def mask_phones(text):
    """`联系人 13812345678、0355-7831234` → `联系人 138****5678、0355-****1234`; other numbers stay."""
    for number in (_MOBILE, _IN_PARTS, _LANDLINE):
        text = number.sub(r"\1****\2", str(text))
    return text
