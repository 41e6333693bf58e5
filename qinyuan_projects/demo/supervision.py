"""督导观摩 of the demo's half year: checks, meetings, letters, a quarterly inspection, what projects need and bring."""

from qinyuan_projects.demo import (
    check_stories,
    letter_stories,
    library_stories,
    meeting_stories,
    need_ledger,
    need_stories,
    outcome_stories,
    permit_states,
    report_stories,
    round_story,
    service_stories,
)


def events(actors, rows):
    for each in (round_story, check_stories, meeting_stories, letter_stories, report_stories):
        yield from each.events(actors)
    for each in (need_stories, library_stories, outcome_stories):
        yield from each.events(actors)
    for each in (permit_states, need_ledger, service_stories):
        yield from each.events(actors, rows)
