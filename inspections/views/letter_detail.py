"""One letter: how it looks and how it came, the steps it may take, and its documents."""

import io
import logging

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.access import require_right
from accounts.roles import Right, has_right
from inspections import letter_document, letter_steps, letter_subjects, letters
from inspections.actions import letter_steps as handling
from inspections.actions import letters as actions
from inspections.actions.letter_writing import NEAR, Refused
from inspections.documents.fonts import NoFont
from inspections.documents.pdf import NotSet
from inspections.forms.letters import FORMS
from inspections.letter_steps import Verb
from inspections.models import Letter
from portfolio.actions import changes
from portfolio.views import steps
from portfolio.views.files import file_name

logger = logging.getLogger(__name__)
WRITING = {Verb.EDIT, Verb.ISSUE, Verb.DISCARD, Verb.RAISE, Verb.VOID}
DONE = {
    Verb.EDIT: "草稿已保存。",
    Verb.RECEIVE: "已签收，请在时限内回复。",
    Verb.ANSWER: "已回复，等待项目办核验。",
    Verb.ASK_EXTENSION: "已申请延期，等待项目办答复。",
    Verb.GRANT_EXTENSION: "已同意延期。",
    Verb.REFUSE_EXTENSION: "已答复，时限不变。",
    Verb.CLOSE: "已办结。",
    Verb.SEND_BACK: "已退回重办。",
    Verb.VOID: "已作废，编号保留、不再使用。",
    Verb.RAISE: "已拟稿，请核对后发出。",
}
STALE = "您打开这一页之后，他人已办理了这份文书（见下面的经过）。您填写的内容还在，没有保存：请核对后再提交。"
NOT_SET = "生成 PDF 时出错。请再试一次，或先下载 Word 文档；还是不行，请联系系统管理员查看服务器日志。"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _letter(request, pk):
    return get_object_or_404(Letter.objects.readable_by(request.user).select_related(*NEAR), pk=pk)


@require_GET
@require_right(Right.READ_PLAN)
def letter_detail(request, pk):
    letter = _letter(request, pk)
    return _show(request, letter, _forms(request.user, letter))


def _forms(user, letter):
    """An unbound form for each step that this account may take now."""
    verbs = letter_steps.open_to(
        letter,
        today=letter.county.business_today(),
        may_answer=Letter.objects.answerable_by(user).filter(pk=letter.pk).exists(),
        may_manage=has_right(user, Right.ISSUE_LETTERS),
    )
    return [FORMS[verb](letter=letter) for verb in verbs]


def _show(request, letter, forms, *, status=200, **more):
    today = letter.county.business_today()
    sees_phones = letter_document.sees_phones(request.user, letter)
    events = list(letter.events.select_related("by__unit"))
    context = {
        "nav": "inspections",
        "letter": letter,
        "sees_phones": sees_phones,
        "parts": letter_document.parts(letter, shows_phones=sees_phones),
        "clock": letter_steps.clock(letter, today),
        "waiting_for": letter_steps.waiting_for(letter),
        "chain": [each for each in letters.chain(letter) if each == letter or _may_read(request.user, each)],
        "events": events,
        "news": next((event for event in reversed(events) if event.text), None),
        "forms": forms,
        "open_form": next((form for form in forms if form.is_bound), forms[0] if forms else None),
        "now": _reason_now(letter, today),
        "today": today,
        **more,
    }
    return render(request, "inspections/letters/letter_detail.html", context, status=status)


def _may_read(user, letter):
    return letter.number is not None or has_right(user, Right.ISSUE_LETTERS)


def _reason_now(letter, today):
    """For a draft: how the matter stands today, where that is not what the draft says."""
    if letter.number is not None:
        return ""
    subject = letter_subjects.subject_of(letter.what, letter.about, today)
    reason = letters.official(subject.reason) if subject else "已不再亮红灯或逾期"
    return "" if reason == letter.reason else reason


@require_POST
@require_right(Right.READ_PLAN)
def letter_step(request, pk, verb):
    """Take one step; what can't be taken shows the letter's page with the form as it was filled."""
    letter = _letter(request, pk)
    verb = steps.known(Verb, verb)
    steps.insist(request, letter, verb, "这份文书")
    form = FORMS[verb](request.POST, letter=letter)
    if not form.is_valid():
        return _again(request, pk, form, 400)
    action = getattr(actions if verb in WRITING else handling, verb.value)
    try:
        written = action(by=request.user, letter=letter, **form.values())
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        standing = refused.standing or (letter.raised_by if verb is Verb.RAISE else None)
        return _again(request, pk, form, 400, standing=standing)
    except changes.StaleRow as stale:
        form.renew(stale.current)
        form.add_error(None, STALE)
        return _again(request, pk, form, 409)
    return _after(request, verb, written)


def _again(request, pk, form, status, **more):
    """The page with the bound form in its place, or above the others when the step is no longer open."""
    letter = _letter(request, pk)
    forms, lost = steps.with_sent(request, _forms(request.user, letter), form)
    return _show(request, letter, forms, status=status, **lost, **more)


def _after(request, verb, written):
    if verb is Verb.DISCARD:
        messages.success(request, "已删去草稿。")
        return redirect("inspections:letters")
    messages.success(request, f"已发出，编号{written.document_number}。" if verb is Verb.ISSUE else DONE[verb])
    return redirect("inspections:letter-detail", written.pk)


# Its documents


@require_GET
@require_right(Right.READ_PLAN)
def letter_pdf(request, pk):
    letter = _letter(request, pk)
    try:
        content = letter_document.as_pdf(letter, shows_phones=letter_document.sees_phones(request.user, letter))
    except NoFont as missing:
        messages.error(request, str(missing))
    except NotSet:
        logger.exception("A letter could not be set.")
        messages.error(request, NOT_SET)
    else:
        return _file(letter, content, "pdf", "application/pdf")
    return redirect("inspections:letter-detail", pk)


@require_GET
@require_right(Right.READ_PLAN)
def letter_docx(request, pk):
    letter = _letter(request, pk)
    content = letter_document.as_docx(letter, shows_phones=letter_document.sees_phones(request.user, letter))
    return _file(letter, content, "docx", DOCX)


def _file(letter, content, ending, content_type):
    name = file_name(letter_document.name(letter), ending)
    return FileResponse(io.BytesIO(content), as_attachment=ending == "docx", filename=name, content_type=content_type)
