"""Taking one step of a row by a form of its page: which step is asked for, who may take it, and what comes back."""

from django.http import Http404

from accounts.access import note_refusal
from accounts.refusals import typed_fields


def known(verbs, name):
    """The member of the enum `verbs` of that name; 404 for any other."""
    try:
        return verbs(name)
    except ValueError:
        raise Http404 from None


def insist(request, row, verb, what):
    """404 unless the account may take this step of the row; the refusal is noted. `what` names the row in words."""
    rows = type(row).objects
    allowed = rows.manageable_by(request.user) if verb.rule.by_office else rows.answerable_by(request.user)
    if not allowed.filter(pk=row.pk).exists():
        note_refusal(request, f"无权对{what}“{verb.rule.label}”")
        raise Http404


def with_sent(request, forms, sent):
    """(`forms` with the form that was sent in its place, context for one whose step is no longer open)."""
    forms = [sent if other.verb is sent.verb else other for other in forms]
    return forms, {} if sent in forms else {"closed_form": sent, "typed": typed_fields(request)}
