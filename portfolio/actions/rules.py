"""Setting the rules by which projects are judged. A version is never changed: the next one takes its place."""

from django.db import transaction

from portfolio.actions import changes
from portfolio.light_rules import LIGHTS
from portfolio.models import ChangeSet
from portfolio.ranking_weights import WEIGHTS


def set_light_rule(*, by, county, values, follows, form_key):
    """The new LightRule; None when this form has been sent before. Raises `rule_versions.Refused`.

    `values` is {field: value} of all thresholds with `since` and `words`; `follows` is the number of the version that
    the sender had before the eyes.
    """
    return _next_version(LIGHTS, values, follows, by=by, county=county, form_key=form_key)


def set_ranking_weights(*, by, county, values, follows, form_key):
    """The same of the rankings: `values` are `weights` ({part: weight}), `least_projects`, `since` and `words`."""
    return _next_version(WEIGHTS, values, follows, by=by, county=county, form_key=form_key)


@transaction.atomic
def _next_version(book, values, follows, *, by, county, form_key):
    changes.take_turn(county.pk)
    if ChangeSet.objects.filter(form_key=form_key, by=by).exists():
        return None
    before = book.latest(county)
    book.insist_on_latest(follows, values, before)
    book.insist(values, before, county.business_today())
    rule = book.model(county=county, version=before.version + 1, made_by=by, made_at=county.business_now(), **values)
    changed = book.changed(before, book.default.of(rule))
    told = "；".join(f"{each.label} {each.before} → {each.now}" for each in changed)
    summary = f"{rule}，自 {rule.since} 起执行：{rule.words}（{told}）"
    changes.begin(ChangeSet.Kind.DETAILS, county=county, by=by, summary=summary, form_key=form_key)
    rule.save(force_insert=True)
    return rule
