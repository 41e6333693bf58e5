"""What the pages of one year and one day are asked for: `?year=` and `?as_of=`, read in one way."""

from portfolio.as_of import AsOfChoice, reading
from portfolio.listing import PlanListing


class Asked:
    """Year and day that a page shows; what its query string keeps from page to page."""

    def __init__(self, request):
        self.county = request.user.county
        self.choice = AsOfChoice(request.GET, self.county.business_today())
        listing = PlanListing(self.county, request.GET)
        self.year, self.years = listing.year, listing.years
        self.day = self.choice.day or self.county.business_today()

    @property
    def is_past(self):
        return self.choice.day is not None

    @property
    def kept(self):
        """`year=2024&as_of=2024-05-12`, for links to other pages of the same moment."""
        return f"year={self.year}&as_of={self.choice.day}" if self.is_past else f"year={self.year}"

    def reading(self):
        return reading(self.county, self.choice.day)

    def context(self, nav, **more):
        return {
            "nav": nav,
            "asked": self,
            "as_of_choice": self.choice,
            "day": self.day,
            "year": self.year,
            **more,
        }
