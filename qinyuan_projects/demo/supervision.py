"""督导观摩 of the demo's half year: checks on site, meetings, letters, the first quarter's inspection, and permits."""

from qinyuan_projects.demo import check_stories, letter_stories, meeting_stories, permit_states, round_story


def events(actors):
    for told in (round_story, check_stories, meeting_stories, letter_stories, permit_states):
        yield from told.events(actors)
