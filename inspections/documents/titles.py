"""Titles of official documents: which line breaks where, so that the lines are of a length and no word is torn."""

from math import ceil

LONGEST = 19  # characters of 2号 on a line of 156 mm
NOT_FIRST = "的和与及之等了、，。；：！？）》〉”’〕】%"
NOT_LAST = "（《〈“‘〔【第"
GOOD_ENDS = ("项目", "工程", "问题", "事项", "情况", "的")
REACH = 3  # how far a break may move from where the lines would be equally long


def balanced(words, longest=LONGEST):
    """The title's lines, as few as there can be, none longer than `longest`."""
    lines = []
    for left in range(ceil(len(words) / longest), 1, -1):
        at = _break(words, left, longest)
        lines.append(words[:at])
        words = words[at:]
    return [*lines, words]


def _break(words, left, longest):
    """Where the first of `left` lines ends, so that the others still have room for the rest."""
    equal = round(len(words) / left)
    shortest = len(words) - (left - 1) * longest
    places = [
        at for at in range(equal - REACH, equal + REACH + 1) if max(shortest, 1) <= at <= min(longest, len(words))
    ]
    return min(places, key=lambda at: (_tears(words, at), not words[:at].endswith(GOOD_ENDS), abs(at - equal), -at))


def _tears(words, at):
    before, after = words[at - 1 : at], words[at : at + 1]
    splits_number = before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
    return splits_number or before in NOT_LAST or after in NOT_FIRST
