"""Writing checks on site (四看督导): begun, kept as a draft, handed in, thrown away.

Each is one transaction and one change set. A draft is its inspector's alone (SupervisionCheck.DoesNotExist for anybody
else); what was handed in is closed. `Refused` says in Chinese why not; the same `form_key` again writes nothing.
"""

import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from inspections import checklists
from inspections.actions import pictures
from inspections.models import CheckAnswer, Checklist, ChecklistItem, Look, SitePhoto, SupervisionCheck
from inspections.site_checks import CheckSheet, plans_open_to
from portfolio import photo_files
from portfolio.actions import changes, form_keys
from portfolio.actions import problems as problem_actions
from portfolio.models import ChangeSet

NO = CheckAnswer.Answer.NO
SAVE, HAND_IN = "save", "hand_in"
State = SupervisionCheck.State
CLOSED = "这次督导已经提交，不能再改。要补充情况，请另开始一次督导。"


class Refused(Exception):
    """The step can't be taken; `errors` is {question key, or None for the whole: why}."""

    def __init__(self, errors):
        self.errors = errors if isinstance(errors, dict) else {None: errors}
        super().__init__("".join(self.errors.values()))


@dataclass(frozen=True)
class Given:
    """What was filled in for a question. `deadline` is a day or None."""

    answer: str = ""
    words: str = ""
    measure: str = ""
    deadline: object = None

    @property
    def is_empty(self):
        return not (self.answer or self.words or self.measure)


# Beginning


def start(*, by, plan):
    """The draft of this account for the plan: the one that stands open, else a new one of today."""
    try:
        with transaction.atomic():
            return _draft(by, plan) or _start(by, plan)
    except IntegrityError:
        # Two taps at once: the other one's draft won.
        if done := _draft(by, plan):
            return done
        raise


def _draft(by, plan):
    return SupervisionCheck.objects.writable_by(by).filter(plan=plan).order_by("-day", "-pk").first()


def _start(by, plan):
    plan = plans_open_to(by).select_related("project", "county").get(pk=plan.pk)
    county, today = plan.county, plan.county.business_today()
    changes.take_turn(county.pk)
    if SupervisionCheck.objects.filter(plan=plan, inspector=by, day=today).exists():
        raise Refused(
            f"您今天（{today}）已提交过“{plan.project}”的督导，一天一次；需要补充的，请登记问题或明天再督导。"
        )
    look = Look.of(plan.project.stage)
    summary = f"{plan.project}：开始{look.label}督导"
    change_set = changes.begin(ChangeSet.Kind.INSPECTION, county=county, by=by, summary=summary)
    checklist = checklists.stored_in_force(county, look, today) or _store_default(county, look, today, change_set.at)
    check = SupervisionCheck(county=county, plan=plan, checklist=checklist, day=today, inspector=by)
    return changes.create(change_set, [check])[0]


def _store_default(county, look, today, at):
    """The first check of a look makes the default the county's version 1; one to come may be waiting already."""
    before = checklists.latest(county, look).version
    checklist = Checklist.objects.create(
        county=county, look=look, version=before + 1, since=today, words=checklists.DEFAULT_WORDS, made_at=at
    )
    ChecklistItem.objects.bulk_create(checklists.items_of(checklist, checklists.DEFAULTS[look]))
    return checklist


# Writing


def save(*, by, check, version, words, given, form_key=None):
    """Keep a draft as far as it is filled in. `given` is {question key: Given}; nothing need be complete."""
    return _take(SAVE, _save, by, check, version, words, given, form_key)


def hand_in(*, by, check, version, words, given, form_key=None):
    """Close the check: every question answered, each "no" a problem with its measure and deadline."""
    return _take(HAND_IN, _hand_in, by, check, version, words, given, form_key)


def _take(step, write, by, check, version, words, given, form_key):
    def locked_write():
        return _locked_write(write, by, check, version, words, given, form_key)

    rows = SupervisionCheck.objects.visible_to(by)
    return form_keys.once(locked_write, rows, by=by, form_key=form_key, step=step, id=check.pk)


def _locked_write(write, by, check, version, words, given, form_key):
    changes.take_turn(by.county_id)
    row = _locked(by, check, version)
    sheet = CheckSheet(row, row.county.business_today())
    row.words = words.strip()
    _refuse_long(row, given)
    return write(by, row, sheet, given, form_key)


def _locked(by, check, version):
    own = SupervisionCheck.objects.visible_to(by).filter(inspector=by)
    row = own.select_for_update(of=("self",), no_key=True).select_related("plan__project", "county", "checklist")
    row = row.get(pk=check.pk)
    if row.state == State.DONE:
        raise Refused(CLOSED)
    if row.row_version != version:
        raise changes.StaleRow(row)
    return row


def _refuse_long(row, given):
    errors = {}
    longest = row._meta.get_field("words").max_length
    if len(row.words) > longest:
        errors[None] = f"“总体情况”有 {len(row.words)} 字，超过 {longest} 字，请缩短。"
    for key, each in given.items():
        for name in ("words", "measure"):
            field, text = CheckAnswer._meta.get_field(name), getattr(each, name)
            if len(text) > field.max_length:
                errors[key] = f"“{field.verbose_name}”有 {len(text)} 字，超过 {field.max_length} 字，请缩短。"
    if errors:
        raise Refused(errors)


def _save(by, row, sheet, given, form_key):
    summary = f"{row.plan.project}：保存{row.checklist.get_look_display()}督导草稿"
    change_set = _begin(by, row, summary, form_key, SAVE)
    changes.update(change_set, [row], ["words"])
    _write_answers(row, sheet, given)
    return row


def _begin(by, row, summary, form_key=None, step=""):
    kind = ChangeSet.Kind.INSPECTION
    return changes.begin(kind, county=row.county, by=by, summary=summary, form_key=form_key, step=step)


def _write_answers(row, sheet, given):
    """Replace the draft's answers; whatever is not asked in this checklist is left out."""
    row.answers.all().delete()
    return CheckAnswer.objects.bulk_create(
        CheckAnswer(
            visit=row,
            item=line.item,
            answer=each.answer,
            known=line.known.words,
            words=each.words.strip(),
            measure=each.measure.strip(),
            deadline=each.deadline,
        )
        for line in sheet.lines
        if not (each := given.get(line.item.key, Given())).is_empty
    )


def _hand_in(by, row, sheet, given, form_key):
    _refuse_incomplete(sheet, given)
    row.state, row.submitted_at = State.DONE, row.county.business_now()
    noes = sum(each.answer == NO for each in given.values())
    told = f"，{noes} 项为否" if noes else "，没有发现问题"
    change_set = _begin(
        by, row, f"{row.plan.project}：提交{row.checklist.get_look_display()}督导{told}", form_key, HAND_IN
    )
    changes.update(change_set, [row], ["words", "state", "submitted_at"])
    standing = sheet.standing
    for answer in _write_answers(row, sheet, given):
        if answer.answer == NO:
            answer.problem = standing.get(answer.item.key) or _raise(change_set, row, answer)
            answer.save(update_fields=["problem"])
    return row


def _refuse_incomplete(sheet, given):
    errors = {}
    for line in sheet.lines:
        each = given.get(line.item.key, Given())
        if each.answer not in CheckAnswer.Answer.values:
            errors[line.item.key] = "请选择“是”“否”或“不涉及”。"
        elif each.answer == NO and line.standing is None and not (each.measure.strip() and each.deadline):
            errors[line.item.key] = "选“否”的，请填写措施和整改时限。"
    if errors:
        raise Refused(errors)


def _raise(change_set, row, answer):
    said = f"{answer.item.question}：否。{answer.words}".removesuffix("。")
    try:
        return problem_actions.raise_within(
            change_set,
            row.plan.project,
            text=said,
            kind=answer.item.kind,
            measure=answer.measure,
            deadline=answer.deadline,
        )
    except problem_actions.Refused as refused:
        raise Refused({answer.item.key: str(refused)}) from None


@transaction.atomic
def discard(*, by, check, version):
    """Throw a draft away, with its answers and photos."""
    changes.take_turn(by.county_id)
    row = _locked(by, check, version)
    files = [file for photo in row.photos.all() for file in (photo.file, photo.thumbnail)]
    change_set = _begin(by, row, f"{row.plan.project}：删去{row.checklist.get_look_display()}督导草稿")
    SitePhoto.objects.filter(check_visit=row).delete()
    row.answers.all().delete()
    changes.delete(change_set, SupervisionCheck.objects.filter(pk=row.pk))
    transaction.on_commit(lambda: photo_files.remove(files))


# Photos


def add_photo(*, by, check, upload, upload_key=None):
    """To the own draft. Raises `photos.NotAPhoto`, `pictures.Refused`."""
    return pictures.add(
        by=by, upload=upload, upload_key=upload_key or uuid.uuid4(), check_visit=check, refuse=_refuse_closed
    )


def delete_photo(*, by, photo):
    return pictures.delete(by=by, photo=photo, refuse=_refuse_closed)


def _refuse_closed(row):
    if row.state == State.DONE:
        raise pictures.Refused(CLOSED)
