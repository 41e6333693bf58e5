"""A project stands still (停缓建) and is resumed (复工). Only the project office says so."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.roles import Right, has_right
from portfolio.actions import changes
from portfolio.actions.register import Invalid
from portfolio.models import AnnualPlan, ChangeSet, Pause
from portfolio.models.schedule import PauseReason


@transaction.atomic
def pause(*, by, plan, reason, words, paused_on, review_on):
    """A new `Pause`; the standing one comes back untouched when it says the same. Raises `Invalid`."""
    plan = _locked(by, plan)
    standing = plan.pauses.standing().first()
    words = words.strip()
    asked = (reason, words, paused_on, review_on)
    if standing is not None and asked == (standing.reason, standing.words, standing.paused_on, standing.review_on):
        return standing
    problems = _pause_faults(plan, standing, *asked)
    if problems:
        raise Invalid(problems)
    change_set = _begin(by, plan, f"停缓建，{PauseReason(reason).label}：{words}")
    new = Pause(
        county=plan.county,
        plan=plan,
        reason=reason,
        words=words,
        paused_on=paused_on,
        review_on=review_on,
        by=by,
    )
    return changes.create(change_set, [new])[0]


@transaction.atomic
def resume(*, by, plan, resumed_on, words):
    """End the standing pause; None when there is none any more. Raises `Invalid`."""
    plan = _locked(by, plan)
    standing = plan.pauses.standing().first()
    if standing is None:
        return None
    problems = {}
    if resumed_on < standing.paused_on:
        problems["resumed_on"] = f"复工日期 {resumed_on} 早于停缓建日期 {standing.paused_on}，请核对。"
    elif resumed_on > plan.county.business_today():
        problems["resumed_on"] = f"复工日期 {resumed_on} 还没有到，请在复工后登记。"
    if len(words) > Pause._meta.get_field("resumed_words").max_length:
        problems["words"] = "复工说明超过 500 字，请缩短。"
    if problems:
        raise Invalid(problems)
    change_set = _begin(by, plan, f"{resumed_on} 复工")
    standing.resumed_on, standing.resumed_words = resumed_on, words.strip()
    changes.update(change_set, [standing], ["resumed_on", "resumed_words"])
    return standing


@transaction.atomic
def review(*, by, plan, review_on, words):
    """Looked at again and still standing still: the next review, and what was found, after the words there are."""
    plan = _locked(by, plan)
    standing = plan.pauses.standing().first()
    if standing is None:
        return None
    today = plan.county.business_today()
    told = f"{standing.words}；{today} 复核：{words.strip()}"
    # Sent twice, it is one review.
    if standing.review_on == review_on and standing.words.endswith(f"复核：{words.strip()}"):
        return standing
    problems = {}
    if not words.strip():
        problems["words"] = "请写明复核的情况：为什么还不能复工、下一步怎样办。"
    elif len(told) > Pause._meta.get_field("words").max_length:
        problems["words"] = "连同以前的说明超过 500 字，请缩短。"
    if review_on <= today:
        problems["review_on"] = f"下次复核日期 {review_on} 应在今天 {today} 之后。"
    if problems:
        raise Invalid(problems)
    change_set = _begin(by, plan, f"停缓建复核，下次复核 {review_on}：{words.strip()}")
    standing.review_on, standing.words = review_on, told
    changes.update(change_set, [standing], ["review_on", "words"])
    return standing


def _locked(by, plan):
    if not has_right(by, Right.EDIT_REGISTER):
        raise PermissionDenied
    plans = AnnualPlan.objects.visible_to(by).select_related("project", "county")
    changes.take_turn(by.county_id)
    return plans.select_for_update(of=("self",), no_key=True).get(pk=plan.pk)


def _begin(by, plan, told):
    return changes.begin(ChangeSet.Kind.SCHEDULE, county=plan.county, by=by, summary=f"{plan.project}：{told}")


def _pause_faults(plan, standing, reason, words, paused_on, review_on):
    found = {}
    if standing is not None:
        return {"paused_on": f"这个项目自 {standing.paused_on} 起已停缓建。请先登记复工，再登记新的停缓建。"}
    if reason not in PauseReason.values:
        found["reason"] = "请选择停缓建原因。"
    if not words:
        found["words"] = "请写明为什么停缓建、打算怎样解决。"
    elif len(words) > Pause._meta.get_field("words").max_length:
        found["words"] = "说明超过 500 字，请缩短。"
    if paused_on > plan.county.business_today():
        found["paused_on"] = f"停缓建日期 {paused_on} 还没有到，请在停缓建后登记。"
    if review_on < paused_on:
        found["review_on"] = f"复核日期 {review_on} 早于停缓建日期 {paused_on}，请核对。"
    return found
