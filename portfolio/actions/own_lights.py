"""Giving an own judgement (自评) of a plan. It is never changed: the next one takes its place."""

from django.db import transaction

from portfolio.actions import changes
from portfolio.actions.register import Invalid
from portfolio.models import ChangeSet, OwnLight
from portfolio.models.judging import Light, plans_judged_by
from portfolio.own_lights import refusal

LONGEST_WORDS = OwnLight._meta.get_field("words").max_length
OFFERED = frozenset(value for value, _ in OwnLight._meta.get_field("light").choices)


@transaction.atomic
def judge_plan(*, by, plan, light, words, form_key):
    """The new OwnLight; None when this form has been sent before.

    Raises `Invalid` for words or a plan that cannot be taken, DoesNotExist for who may not judge this plan.
    """
    changes.take_turn(by.county_id)
    plan = plans_judged_by(by).select_related("county", "project").get(pk=plan.pk)
    if ChangeSet.objects.filter(form_key=form_key, by=by).exists():
        return None
    words = words.strip()
    _insist(plan, light, words)
    county = plan.county
    summary = f"自评：{plan.project}（{plan.year}年）{Light(light).colour}灯：{words}"
    changes.begin(ChangeSet.Kind.DETAILS, county=county, by=by, summary=summary, form_key=form_key)
    return OwnLight.objects.create(county=county, plan=plan, light=light, words=words, at=county.business_now(), by=by)


def _insist(plan, light, words):
    problems = {}
    if refused := refusal(plan):
        problems["plan"] = refused
    if light not in OFFERED:
        problems["light"] = "请在绿灯、黄灯、红灯中选择一项。"
    if not words:
        problems["words"] = "请用一句话说明为什么这样自评，如“主体封顶，6月底前可追上序时”。"
    elif len(words) > LONGEST_WORDS:
        problems["words"] = f"说明有 {len(words)} 个字，请缩短到 {LONGEST_WORDS} 个字以内。"
    if problems:
        raise Invalid(problems)
