"""What all sections of a report read from: the year's standings and money on one day, of the county or of a leader."""

from dataclasses import dataclass
from functools import cached_property

from inspections import rounds
from inspections.reports.period import Period
from portfolio import progress
from portfolio.as_of import reading
from portfolio.curves import YearInvestment
from portfolio.leader_pages import LeaderBoard
from portfolio.money import exact_sum
from portfolio.six_ones.facts import of_year


@dataclass
class Material:
    """To be read inside `as_of.reading(county, past)`. `leader` narrows it to one leader's projects."""

    county: object
    period: Period
    day: object
    leader: object = None

    @property
    def past(self):
        """The day, or None where it is today."""
        return self.day if self.day < self.county.business_today() else None

    @cached_property
    def board(self):
        return LeaderBoard(self.county, self.period.year, self.day)

    @cached_property
    def investment(self):
        return YearInvestment(self.county, self.period.year, self.day)

    @cached_property
    def curve(self):
        if self.leader is None:
            return self.investment.curve()
        return self.investment.curve("leader", str(self.leader.pk))

    @cached_property
    def portfolio(self):
        """The `Portfolio` that the report is about."""
        return self.board.everything if self.leader is None else self.board.of_leader(self.leader)

    @property
    def rows(self):
        return self.portfolio.standings

    @property
    def expected(self):
        return self.investment.expected

    @cached_property
    def deviation(self):
        return progress.deviation(self.curve.completed, self.expected)

    @cached_property
    def tokens(self):
        """{plan pk: its values in the facets by which money is grouped}."""
        return {plan.pk: plan.tokens for plan in self.investment.plans}

    @cached_property
    def six_ones(self):
        """[SixOnes] of the report's plans, in the plan table's order."""
        found = of_year(self.county, self.period.year, self.past)
        return [found[row.plan.pk] for row in self.rows if row.plan.pk in found]

    @cached_property
    def rounds(self):
        """The quarter's inspections as they stand today: scores often come in after the quarter's last day."""
        if not self.period.is_quarter:
            return []
        with reading(self.county, None):
            return list(rounds.of_quarter(self.county, self.period.year, self.period.number))


def total_of(rows):
    return exact_sum(row.project.total_investment for row in rows)
