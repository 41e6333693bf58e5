"""What of supervision waits for an account: the letters and matters that it has to do something about."""

from functools import cached_property

from inspections.home import Home
from inspections.models.letters import LetterState
from inspections.models.meetings import MatterState

TO_ANSWER = {LetterState.ISSUED, LetterState.RECEIVED}


class Waiting:
    """`today` is the county's business day. What waits for the project office's check is left out."""

    def __init__(self, user, today):
        self._home = Home(user, today)

    @cached_property
    def matters(self):
        """Open `matters.Row`s, what falls due first before the others."""
        return [row for row in self._home.own_matters if row.matter.state == MatterState.OPEN]

    @cached_property
    def letters(self):
        """[(Letter, its clock)] to be signed for or answered, what falls due first before the others."""
        return [each for each in self._home.own_letters if each[0].state in TO_ANSWER]

    @cached_property
    def first(self):
        """(deadline, clock) of what falls due before all else; None when nothing waits."""
        due = [(row.matter.deadline, row.clock) for row in self.matters]
        due += [(letter.deadline, clock) for letter, clock in self.letters]
        return min(due, key=lambda each: each[0], default=None)
