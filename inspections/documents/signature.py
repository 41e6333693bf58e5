"""Who signs an official document, and when: at its right, the sender in the middle above the day."""

from inspections.documents import word

FROM_EDGE = 4  # characters between the day and the right edge
NARROW = 0.5  # a figure is half as wide as a Chinese character


def sign(document, sender, day):
    """On one page with the last words: there the seal goes."""
    over = max(0, (_width(sender) - _width(day)) / 2)
    edge = max(0, FROM_EDGE - over)
    above = [document.line(), document.line(), document.line(sender, word.RIGHT, from_right=edge)]
    for line in above:
        line.paragraph_format.keep_with_next = True
    document.line(day, word.RIGHT, from_right=edge + over)


def _width(words):
    return sum(NARROW if character.isascii() else 1 for character in words)
