"""What somebody sends who means ill: forms replayed elsewhere, and texts that no document can hold."""

import io
import uuid
from urllib.parse import unquote

import pytest
from docx import Document

from accounts.models import AuditEntry
from inspections import checklists
from inspections.actions import letters
from inspections.forms.checklists import EMPTY_ROWS
from inspections.models import ChecklistItem, Letter, Look, Matter, Meeting, Round, ScoreSheet, SitePhoto
from inspections.rounds import Line
from tests import factories
from tests.inspections import factories as site_checks
from tests.inspections import letter_factories, matter_factories, round_factories

pytestmark = pytest.mark.django_db
MEETING = {"title": "五月会议", "held_on": "2024-05-20", "chair": "县领导"}


@pytest.fixture(autouse=True)
def at_noon(db):
    return factories.clock(2024, 5, 30, 12)


@pytest.fixture
def spent(office_client):
    """The key of a form that has been sent."""
    key = str(uuid.uuid4())
    office_client.post("/inspections/monthly/new/", {**MEETING, "form_key": key})
    return key


# The key of one form, sent with another


def test_a_spent_key_begins_no_round(office_client, spent):
    form = {"title": "观摩", "year": "2024", "quarter": "2", "starts_on": "2024-05-30", "ends_on": "2024-05-30"}

    answer = office_client.post("/inspections/quarterly/new/", {**form, "version": "1", "form_key": spent})

    assert (answer.status_code, Round.objects.count()) == (400, 0)


def test_a_spent_key_closes_no_matter(office_client, spent):
    matter = matter_factories.matter()

    answer = office_client.post(
        f"/inspections/matters/{matter.pk}/close/", {"text": "已核验", "version": "1", "form_key": spent}
    )

    matter.refresh_from_db()
    assert (answer.status_code, matter.state) == (400, "open")


def test_a_spent_key_decides_nothing(office_client, spent):
    factories.unit("水利局")
    meeting = Meeting.objects.get()
    line = {"m0-text": "清理便道", "m0-unit": "水利局", "m0-deadline": "2024-06-10"}

    answer = office_client.post(f"/inspections/monthly/{meeting.pk}/matters/", {**line, "rows": "1", "form_key": spent})

    assert (answer.status_code, Matter.objects.count()) == (400, 0)


def test_a_key_that_wrote_one_meeting_writes_no_other(office_client, spent):
    other = matter_factories.meeting("open", title="六月会议")

    answer = office_client.post(
        f"/inspections/monthly/{other.pk}/edit/", {**MEETING, "title": "七月会议", "version": "1", "form_key": spent}
    )

    other.refresh_from_db()
    assert (answer.status_code, other.title) == (400, "六月会议")


def test_a_key_that_opened_one_round_opens_no_other(office_client):
    first, second = (round_factories.round_("planned") for _ in range(2))
    for row in (first, second):
        round_factories.stop(row)
        round_factories.judge(row)
    form = {"version": "1", "form_key": str(uuid.uuid4())}

    answers = [office_client.post(f"/inspections/quarterly/{row.pk}/open/", form) for row in (first, second)]

    assert [answer.status_code for answer in answers] == [302, 400]
    assert list(Round.objects.filter(state="open")) == [first]


# The key of one step, sent with another step of the same thing


@pytest.mark.parametrize("version", ["1", "2"])
def test_the_key_that_opened_a_round_takes_it_back_no_more(office_client, version):
    row = round_factories.round_("planned")
    round_factories.stop(row)
    round_factories.judge(row)
    key = str(uuid.uuid4())
    office_client.post(f"/inspections/quarterly/{row.pk}/open/", {"version": "1", "form_key": key})

    answer = office_client.post(f"/inspections/quarterly/{row.pk}/take-back/", {"version": version, "form_key": key})

    assert (answer.status_code, Round.objects.get().state) == (400, "open")


@pytest.mark.parametrize("version", ["1", "2"])
def test_the_key_that_extended_a_matter_drops_it_no_more(office_client, version):
    matter, key = matter_factories.matter(), str(uuid.uuid4())
    longer = {"deadline": "2024-06-20", "reason": "雨季", "version": "1", "form_key": key}
    office_client.post(f"/inspections/matters/{matter.pk}/extend/", longer)

    answer = office_client.post(
        f"/inspections/matters/{matter.pk}/drop/", {"reason": "不再需要", "version": version, "form_key": key}
    )

    matter.refresh_from_db()
    assert (answer.status_code, matter.state, matter.row_version) == (400, "open", 2)


def test_the_key_that_prepared_a_meeting_corrects_it_no_more(office_client, spent):
    meeting = Meeting.objects.get()

    answer = office_client.post(
        f"/inspections/monthly/{meeting.pk}/edit/", {**MEETING, "title": "六月会议", "version": "1", "form_key": spent}
    )

    assert (answer.status_code, Meeting.objects.get().title) == (400, "五月会议")


@pytest.mark.parametrize("version", ["2", "3"])
def test_the_key_that_issued_a_letter_makes_it_void_no_more(office_client, version):
    letter = letter_factories.drafted(factories.user("office"), unit=factories.unit("水利局"))
    form = {"version": "1", "form_key": str(uuid.uuid4())}
    address = f"/inspections/letters/{letter.pk}"
    office_client.post(f"{address}/issue/", form)

    answer = office_client.post(f"{address}/void/", {**form, "version": version, "reason": "发错"})

    letter.refresh_from_db()
    assert (answer.status_code, letter.state) == (400, "issued")


def test_the_key_of_one_draft_writes_none_about_another_project(office_client):
    plans = [letter_factories.red_plan(factories.unit(), name) for name in ("甲", "乙")]
    form = {
        "title": "关于推进的提醒函",
        "deadline": "2024-06-06",
        "body": "现提醒如下。",
        "form_key": str(uuid.uuid4()),
    }

    answers = [
        office_client.post(f"/inspections/letters/new/?plan={plan.pk}", {**form, "unit": plan.project.unit_id})
        for plan in plans
    ]

    assert [answer.status_code for answer in answers] == [302, 400]
    assert [letter.plan for letter in Letter.objects.all()] == [plans[0]]


def test_a_key_that_scored_one_stop_scores_no_other(client):
    round_ = round_factories.round_()
    judge = round_factories.judge(round_)
    first, second = (round_factories.stop(round_) for _ in range(2))
    form = {"version": "0", "form_key": str(uuid.uuid4()), **{f"c{each.pk}": "10" for each in round_.criteria.all()}}
    client.force_login(judge.user)

    answers = [client.post(f"/inspections/quarterly/stops/{stop.pk}/score/", form) for stop in (first, second)]

    assert [answer.status_code for answer in answers] == [302, 400]
    assert list(ScoreSheet.objects.values_list("stop", flat=True)) == [first.pk]


@pytest.mark.parametrize("is_own", [True, False], ids=["own", "of another"])
def test_the_key_of_an_upload_keeps_a_photo_of_one_stop_only(client, settings, tmp_path, is_own):
    settings.MEDIA_ROOT = tmp_path
    round_ = round_factories.round_()
    judges = [round_factories.judge(round_).user for _ in range(2)]
    stops, key = [round_factories.stop(round_) for _ in range(2)], str(uuid.uuid4())

    answers = []
    for judge, stop in zip([judges[0], judges[0 if is_own else 1]], stops, strict=True):
        client.force_login(judge)
        sent = {"photo": site_checks.photo_file(), "upload_key": key}
        answers.append(client.post(f"/inspections/quarterly/stops/{stop.pk}/photos/add/", sent).status_code)

    assert answers == [200, 400]
    assert list(SitePhoto.objects.values_list("stop", flat=True)) == [stops[0].pk]
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2


# Figures


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("１２．５", ["12.5"]), ("1,5", []), ("1，5", []), ("1 5", []), ("NaN", []), ("1e400", []), ("-1", []), ("", [])],
)
def test_points_are_what_was_typed_or_refused(client, typed, kept):
    round_ = round_factories.round_(criteria=[Line("进度", 100)])
    judge, stop = round_factories.judge(round_), round_factories.stop(round_)
    client.force_login(judge.user)
    form = {"version": "0", "form_key": str(uuid.uuid4()), f"c{round_.criteria.get().pk}": typed}

    answer = client.post(f"/inspections/quarterly/stops/{stop.pk}/score/", form)

    assert answer.status_code == (302 if kept else 400)
    assert [value for sheet in ScoreSheet.objects.all() for value in sheet.points.values()] == kept


# What forms carry unseen


def test_two_questions_with_one_key_are_two_questions(office_client, county):
    before = checklists.latest(county, Look.PROGRESS)
    rows = checklist_rows(before, key=before.questions[0].key)

    answer = office_client.post("/inspections/looks/progress/checklist/", {**rows, "form_key": str(uuid.uuid4())})

    keys = list(ChecklistItem.objects.values_list("key", flat=True))
    assert (answer.status_code, len(set(keys)), keys[0]) == (302, len(before.questions), before.questions[0].key)


def test_a_question_takes_no_key_that_was_never_given(office_client, county):
    before = checklists.latest(county, Look.PROGRESS)
    rows = checklist_rows(before, key="version")

    office_client.post("/inspections/looks/progress/checklist/", {**rows, "form_key": str(uuid.uuid4())})

    assert not ChecklistItem.objects.filter(key="version").exists()


def checklist_rows(before, key):
    """The form of a look's questions, every one sent with this key."""
    rows = {"since": "2024-06-10", "words": "调整"}
    for place, each in enumerate(before.questions, 1):
        said = {"key": key, "place": place, "question": each.question, "kind": each.kind, "days": each.days}
        rows |= {f"q{place}-{name}": value for name, value in said.items()}
    empty = range(len(before.questions) + 1, len(before.questions) + EMPTY_ROWS + 1)
    return rows | {f"q{place}-kind": "other" for place in empty} | {f"q{place}-days": 7 for place in empty}


# Texts that no document can hold

FOUL = "坏\x0b\x1f字\ufffe #let *b* $x$ @a <b> \\ 甲/乙\nX: 1"
KEPT = "坏_字\ufffe #let _b_ $x$ @a _b_ _ 甲_乙_X_ 1"  # in the name of a file


def test_documents_of_a_letter_leave_out_what_they_cannot_hold(office_client, office):
    letter = letter_factories.drafted(office, letter_factories.red_plan(factories.unit(f"单位{FOUL}")))
    type(letter).objects.filter(pk=letter.pk).update(title=FOUL, body=f"{letter.body}\n{FOUL}")

    answers = [office_client.get(f"/inspections/letters/{letter.pk}/letter.{ending}") for ending in ("docx", "pdf")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [sent_name(answer) for answer in answers] == [f"草稿 {KEPT}.docx", f"草稿 {KEPT}.pdf"]
    text = "".join(each.text for each in Document(io.BytesIO(answers[0].getvalue())).paragraphs)
    assert "坏字 #let *b* $x$ @a <b> \\ 甲/乙" in text


def test_minutes_leave_out_what_they_cannot_hold(office_client):
    meeting = matter_factories.meeting(title=f"会议{FOUL}", chair=FOUL, present=FOUL, words=FOUL)
    matter_factories.matter(meeting, factories.unit(f"单位{FOUL}"), text=FOUL, project=factories.project(FOUL))

    answer = office_client.get(f"/inspections/monthly/{meeting.pk}/minutes/")

    assert (answer.status_code, sent_name(answer)) == (200, f"会议{KEPT}纪要.docx")


def sent_name(answer):
    return unquote(answer["Content-Disposition"].partition("filename*=utf-8''")[2])


# Phones


def test_a_letters_page_masks_the_phone_in_the_matter_it_is_about(client, office):
    unit = factories.unit("水利局")
    matter = letter_factories.late_matter(office.county, unit, text="请联系张工 13812345678 迁改管线")
    letter = letters.draft(by=office, what="matter", row=matter)
    letters.issue(by=office, letter=letter, version=letter.row_version)
    client.force_login(factories.user("leader"))

    pages = [f"/inspections/letters/{letter.pk}/", f"/inspections/letters/about/matter/{matter.pk}/"]

    assert ["13812345678" in client.get(page).text for page in pages] == [False, False]


# What the trail tells


@pytest.mark.parametrize("role", ["reporter", "leader"])
def test_a_write_to_what_the_account_cannot_see_is_told_once(client, office, role):
    letter = letter_factories.drafted(office)
    client.force_login(factories.user(role))
    address = f"/inspections/letters/{letter.pk}/issue/"

    answer = client.post(address, {"version": "1", "form_key": str(uuid.uuid4())})

    noted = AuditEntry.objects.filter(outcome=AuditEntry.Outcome.REFUSED).values_list("summary", flat=True)
    assert (answer.status_code, list(noted)) == (404, [f"写入的对象不存在，或无权查看：{address}"])
