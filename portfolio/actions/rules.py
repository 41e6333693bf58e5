"""Setting the rules by which projects are judged. A version is never changed: the next one takes its place."""

from django.db import transaction

from portfolio import light_rules
from portfolio.actions import changes
from portfolio.models import ChangeSet
from portfolio.models.judging import LightRule
from portfolio.progress import Thresholds


@transaction.atomic
def set_light_rule(*, by, county, values, form_key):
    """The new LightRule; None when this form has been sent before. Raises `light_rules.Refused`.

    `values` is {field: value} of all thresholds with `since` and `words`.
    """
    changes.take_turn(county.pk)
    if ChangeSet.objects.filter(form_key=form_key, by=by).exists():
        return None
    before = light_rules.latest(county)
    light_rules.insist(values, before, county.business_today())
    rule = LightRule(county=county, version=before.version + 1, made_by=by, made_at=county.business_now(), **values)
    changed = light_rules.settings(before, Thresholds.of(rule))
    told = "；".join(f"{each.label} {each.before} → {each.now}" for each in changed if each.is_changed)
    summary = f"{rule}，自 {rule.since} 起执行：{rule.words}（{told}）"
    changes.begin(ChangeSet.Kind.DETAILS, county=county, by=by, summary=summary, form_key=form_key)
    rule.save(force_insert=True)
    return rule
