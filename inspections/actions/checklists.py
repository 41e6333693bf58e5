"""Setting the questions of a look. A version is never changed: the next one takes its place."""

from django.db import transaction

from inspections import checklists
from inspections.models import Checklist, ChecklistItem, Look
from portfolio.actions import changes
from portfolio.models import ChangeSet


class Refused(Exception):
    """A new version can't be made; `errors` is {field, or None for the whole: why, in Chinese}."""

    def __init__(self, errors):
        self.errors = errors
        super().__init__("".join(errors.values()))


@transaction.atomic
def set_checklist(*, by, county, look, questions, since, words, form_key):
    """The new Checklist; None when this form has been sent before. Raises `Refused`.

    `questions` are `checklists.Question`s in their order; those without a key are new ones.
    """
    changes.take_turn(county.pk)
    if ChangeSet.objects.filter(form_key=form_key, by=by).exists():
        return None
    look, before = Look(look), checklists.latest(county, look)
    questions = checklists.with_keys(questions, checklists.keys_used(county, look))
    now = checklists.Questions(look, questions, before.version + 1, since, words)
    changed = checklists.differences(before, now)
    _insist(before, now, changed, county.business_today())
    row = Checklist(county=county, look=look, version=now.version, since=since, words=words, made_by=by)
    summary = f"{row}，自 {since} 起执行：{words}（{'；'.join(changed)}）"
    row.made_at = changes.begin(ChangeSet.Kind.DETAILS, county=county, by=by, summary=summary, form_key=form_key).at
    row.save(force_insert=True)
    ChecklistItem.objects.bulk_create(checklists.items_of(row, questions))
    return row


def _insist(before, now, changed, today):
    errors = {}
    if not 1 <= len(now.questions) <= checklists.MOST_QUESTIONS:
        errors[None] = f"清单应有 1 到 {checklists.MOST_QUESTIONS} 项，现在是 {len(now.questions)} 项，请增减后再保存。"
    elif len({each.question for each in now.questions}) < len(now.questions):
        errors[None] = "有两项检查内容完全相同，请删去一项或改写。"
    elif not changed:
        errors[None] = f"各项都与上一版（{before.name}）相同，没有保存。请修改要调整的项再保存。"
    if now.since < today:
        errors["since"] = f"新版不能追溯执行，请填写 {today} 或以后的日期。"
    elif before.since and now.since < before.since:
        errors["since"] = f"第 {before.version} 版自 {before.since} 起执行，请填写这一天或以后的日期。"
    if errors:
        raise Refused(errors)
