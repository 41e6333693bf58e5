"""Plain factories of letters: what they may be about, and letters in each state."""

import datetime as dt

from inspections.actions import letter_steps, letters
from inspections.models import Matter, Meeting
from tests import factories

TODAY = dt.date(2024, 5, 31)


def red_plan(unit=None, name="河道治理", **fields):
    """A plan whose project was to start in January and has not."""
    fields = {"project__planned_start": dt.date(2024, 1, 1), "project__planned_start_precision": "m"} | fields
    return factories.plan(
        planned_investment=1000, project__name=name, project__stage="planned", project__unit=unit, **fields
    )


def late_problem(project, **fields):
    return factories.problem(project, "assigned", **{"raised_on": dt.date(2024, 5, 13), "text": "用地未落实"} | fields)


def late_matter(county, unit, **fields):
    """A matter of a meeting whose minutes are issued, due on 20 May."""
    values = {"title": "五月落实会议", "year": 2024, "month": 5, "held_on": dt.date(2024, 5, 8), "chair": "县领导"}
    meeting = Meeting.objects.create(county=county, state=Meeting.State.CLOSED, **values)
    fields = {"text": "解决供水管线迁改", "deadline": dt.date(2024, 5, 20), "decided_on": meeting.held_on} | fields
    fields.setdefault("original_deadline", fields["deadline"])
    return Matter.objects.create(county=county, meeting=meeting, unit=unit, **fields)


def drafted(office, plan=None, unit=None, **values):
    plan = plan or red_plan(unit or factories.unit())
    return letters.draft(by=office, what="plan", row=plan, values=values)


def issued(office, plan=None, unit=None, **values):
    row = drafted(office, plan, unit, **values)
    return letters.issue(by=office, letter=row, version=row.row_version)


def unsettled(office, letter):
    return letter_steps.close(
        by=office, letter=letter, version=letter.row_version, text="现场没有动工", is_settled=False
    )


def risen(office, letter):
    """The issued letter of the next kind, after the check found nothing put right."""
    before = unsettled(office, letter)
    row = letters.raise_further(by=office, letter=before, version=before.row_version)
    body = row.body.replace("【待填】", "2024年6月2日9时")
    if body != row.body:
        values = {"unit": row.unit, "title": row.title, "body": body, "deadline": row.deadline}
        row = letters.edit(by=office, letter=row, version=row.row_version, values=values)
    return letters.issue(by=office, letter=row, version=row.row_version)
