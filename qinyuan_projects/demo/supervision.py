"""督导观摩 of the demo's half year: checks, meetings, letters, a quarterly inspection, and what projects need."""

from qinyuan_projects.demo import (
    check_stories,
    letter_stories,
    meeting_stories,
    need_stories,
    permit_states,
    round_story,
)


def events(actors):
    told = (round_story, check_stories, meeting_stories, letter_stories, permit_states, need_stories)
    for each in told:
        yield from each.events(actors)
