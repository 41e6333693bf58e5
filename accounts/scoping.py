"""The one scoping rule: an account sees the rows of its own county, and of no other."""

from django.db import models


class CountyQuerySet(models.QuerySet):
    """Base of every queryset whose model has a `county`."""

    def visible_to(self, user):
        return self.filter(county_id=user.county_id)
