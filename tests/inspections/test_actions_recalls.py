"""Taking back what was done by mistake: matters, letters, rounds, meetings; who may, when not, twice, and too late."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, County
from inspections import letters as letter_reading
from inspections import matters as reading
from inspections.actions import letter_steps, letters, matters, meetings, round_recalls
from inspections.actions import rounds as round_actions
from inspections.actions.letter_writing import Refused as LetterRefused
from inspections.actions.matters import Refused as MatterRefused
from inspections.actions.rounds import Refused as RoundRefused
from inspections.models import Criterion, Finding, IssuedReport, Judge, Letter, Matter, Meeting, Round, Stop
from portfolio.actions import changes
from portfolio.models import ChangeSet
from tests import factories
from tests.inspections import letter_factories as letters_made
from tests.inspections import matter_factories as matters_made
from tests.inspections import round_factories as rounds_made

pytestmark = pytest.mark.django_db
TODAY = dt.date(2024, 5, 31)
OTHERS = ["inspector", "leader", "reporter", "auditor", "sysadmin"]


@pytest.fixture(autouse=True)
def friday(db):
    return factories.clock(2024, 5, 31, 10)


@pytest.fixture
def unit(friday):
    return factories.unit("水利局")


def matter(unit, state="open", **fields):
    return matters_made.matter(matters_made.meeting(title="五月月落实会议"), unit, state, text="完成征地", **fields)


def told(row):
    return list(row.events.values_list("kind", "text"))


def last(records):
    return records.order_by("history_id").last()


def neighbour():
    return factories.user("office", county=factories.county("140430", "邻县"))


# Matters


@pytest.mark.parametrize("state", ["done", "dropped", "revoked"])
def test_a_matter_settled_by_mistake_is_taken_up_again(office, unit, state):
    row = matter(unit, state)

    matters.reopen(by=office, matter=row, version=1, reason=" 误点办结 ")

    kept = Matter.objects.get()
    assert (kept.state, kept.settled_on, kept.deadline) == ("open", None, row.deadline)
    assert told(kept) == [("reopened", "误点办结")]
    assert AuditEntry.objects.get().summary == "五月月落实会议：恢复办理“完成征地”"
    assert last(kept.history_records).change_set.kind == ChangeSet.Kind.INSPECTION


def test_a_matter_is_taken_up_again_with_a_later_deadline(office, unit):
    row = matter(unit, "done")

    matters.reopen(by=office, matter=row, version=1, reason="没有办完", deadline=dt.date(2024, 6, 14))

    kept = Matter.objects.get()
    event = kept.events.get()
    assert (kept.deadline, kept.original_deadline) == (dt.date(2024, 6, 14), row.deadline)
    assert (event.deadline_before, event.deadline_after) == (row.deadline, dt.date(2024, 6, 14))


def test_an_earlier_deadline_is_refused(office, unit):
    row = matter(unit, "done")

    with pytest.raises(MatterRefused, match="延期后的时限应晚于现在的办结时限 2024-05-17"):
        matters.reopen(by=office, matter=row, version=1, reason="没有办完", deadline=dt.date(2024, 5, 16))

    assert Matter.objects.get().state == "done"


def test_what_is_open_is_not_taken_up_again(office, unit):
    with pytest.raises(MatterRefused, match="这一项正在办理，不能“恢复办理”。"):
        matters.reopen(by=office, matter=matter(unit), version=1, reason="误点")


@pytest.mark.parametrize("state", ["open", "closing"])
def test_a_matter_assigned_by_mistake_is_revoked_and_counted_nowhere(office, unit, state):
    row = matter(unit, state)

    matters.revoke(by=office, matter=row, version=1, reason="与另一项重复")

    kept = Matter.objects.get()
    assert (kept.state, kept.settled_on) == ("revoked", TODAY)
    assert told(kept) == [("revoked", "与另一项重复")]
    assert not Matter.objects.open().exists()
    tally = reading.tally(reading.rows_of(Matter.objects.all(), TODAY))
    assert (tally.total, tally.done, tally.dropped, tally.rows) == (0, 0, 0, [])


def test_the_next_meeting_does_not_open_with_what_was_revoked(office, unit):
    row, stays = matter(unit), None
    stays = matters_made.matter(row.meeting, unit, text="完成审批")
    matters.revoke(by=office, matter=row, version=1, reason="与另一项重复")

    carried = reading.carried_over(matters_made.meeting("open", TODAY), TODAY)

    assert [one.matter for one in carried] == [stays]


@pytest.mark.parametrize("state", ["done", "dropped", "revoked"])
def test_what_is_settled_is_not_revoked(office, unit, state):
    with pytest.raises(MatterRefused):
        matters.revoke(by=office, matter=matter(unit, state), version=1, reason="误交办")


def test_a_matter_with_an_open_letter_is_not_revoked(office, unit):
    row = letters_made.late_matter(office.county, unit)
    draft = letters.draft(by=office, what="matter", row=row)

    with pytest.raises(MatterRefused, match="这一项已有提醒函草稿，不能撤销。"):
        matters.revoke(by=office, matter=row, version=1, reason="误交办")
    letter = letters.issue(by=office, letter=draft, version=1)
    with pytest.raises(MatterRefused, match=f"这一项已有提醒函{letter.document_number}，不能撤销。"):
        matters.revoke(by=office, matter=row, version=1, reason="误交办")
    letters.void(by=office, letter=letter, version=2, reason="误发")

    assert matters.revoke(by=office, matter=row, version=1, reason="误交办").state == "revoked"


@pytest.mark.parametrize(("step", "state"), [("reopen", "done"), ("revoke", "open")])
def test_a_reason_is_asked_for(office, unit, step, state):
    with pytest.raises(MatterRefused, match="请写明"):
        getattr(matters, step)(by=office, matter=matter(unit, state), version=1, reason=" ")


@pytest.mark.parametrize(("step", "state"), [("reopen", "done"), ("revoke", "open")])
@pytest.mark.parametrize("role", OTHERS)
def test_only_the_office_takes_matters_back(unit, role, step, state):
    row = matter(unit, state)

    with pytest.raises(Matter.DoesNotExist):
        getattr(matters, step)(by=factories.user(role, unit=unit), matter=row, version=1, reason="误点")

    assert Matter.objects.get().state == state


@pytest.mark.parametrize(("step", "state"), [("reopen", "done"), ("revoke", "open")])
def test_matters_are_taken_back_once_and_not_from_an_old_page(office, unit, step, state):
    row, key = matter(unit, state), uuid.uuid4()

    for _ in range(2):
        getattr(matters, step)(by=office, matter=row, version=1, reason="误点", form_key=key)
    with pytest.raises(changes.StaleRow):
        getattr(matters, step)(by=office, matter=row, version=1, reason="误点", form_key=uuid.uuid4())

    assert (Matter.objects.get().row_version, len(told(row)), ChangeSet.objects.count()) == (2, 1, 1)


# Letters


@pytest.fixture
def letter(office, unit):
    return letters_made.issued(office, letters_made.red_plan(unit))


def void(by, letter, **values):
    letter.refresh_from_db()
    values = {"version": letter.row_version, "reason": "发错单位", **values}
    return letters.void(by=by, letter=letter, **values)


def test_a_void_letter_stays_with_its_number_and_the_reason(office, letter):
    void(office, letter)

    kept = Letter.objects.get()
    assert (kept.state, kept.number, kept.voided_on, kept.void_reason) == ("void", 1, TODAY, "发错单位")
    assert told(kept)[-1] == ("voided", "发错单位")
    assert AuditEntry.objects.first().summary == f"作废提醒函“{kept}”"
    assert not Letter.objects.open().exists()
    assert Letter.objects.issued().exists()


def test_the_number_of_a_void_letter_is_not_given_again(office, letter):
    void(office, letter)

    again = letters_made.issued(office, letter.plan)

    assert (letter.number, again.number) == (1, 2)


@pytest.mark.parametrize("state", ["received", "answered", "closed"])
def test_a_letter_is_void_whatever_became_of_it(office, letter, unit, state):
    reporter = factories.user("reporter", unit=unit)
    letter = letter_steps.receive(by=reporter, letter=letter, version=letter.row_version)
    if state != "received":
        letter = letter_steps.answer(by=reporter, letter=letter, version=letter.row_version, text="已整改")
    if state == "closed":
        letter = letter_steps.close(
            by=office, letter=letter, version=letter.row_version, text="已核对", is_settled=True
        )

    assert (letter.state, void(office, letter).state) == (state, "void")


def test_a_draft_is_discarded_and_not_void(office, unit):
    draft = letters_made.drafted(office, unit=unit)

    with pytest.raises(LetterRefused, match="还在拟稿，不能“作废”"):
        void(office, draft)


def test_a_letter_that_has_risen_is_not_void_before_the_graver_one(office, letter):
    order = letters_made.risen(office, letter)

    with pytest.raises(LetterRefused, match="这份提醒函已经升级为督办单，不能作废。请在后一份文书上办理。"):
        void(office, letter)
    void(office, order)

    assert void(office, letter).state == "void"


def test_a_letter_with_a_graver_draft_says_to_delete_the_draft(office, letter):
    closed = letters_made.unsettled(office, letter)
    letters.raise_further(by=office, letter=closed, version=closed.row_version)

    with pytest.raises(LetterRefused, match="请先删去那份草稿。"):
        void(office, letter)


def test_what_a_void_letter_had_closed_is_as_it_was_before(office, letter, unit):
    letter_steps.receive(by=factories.user("reporter", unit=unit), letter=letter, version=letter.row_version)
    factories.clock(2024, 6, 17, 10)
    letter.refresh_from_db()
    draft = letters.raise_further(by=office, letter=letter, version=letter.row_version)
    order = letters.issue(by=office, letter=draft, version=draft.row_version)

    void(office, order)

    letter.refresh_from_db()
    assert (letter.state, letter.closed_on, letter.is_settled) == ("received", None, None)
    assert told(letter)[-2:] == [
        ("raised", f"升级为督办单{order.document_number}"),
        ("unraised", f"督办单{order.document_number}已作废"),
    ]


def test_what_was_closed_after_a_check_stays_closed_and_may_rise_again(office, letter):
    order = letters_made.risen(office, letter)
    void(office, order)
    letter.refresh_from_db()
    again = letters.raise_further(by=office, letter=letter, version=letter.row_version)

    assert (letter.state, letter.is_settled) == ("closed", False)
    assert [each.pk for each in letter_reading.chain(again)] == [letter.pk, order.pk, again.pk]


@pytest.mark.parametrize(
    ("reason", "why"), [(" ", "请写明作废原因。"), ("误" * 201, "“作废原因”")], ids=["none", "too long"]
)
def test_the_reason_is_kept_in_200_characters(office, letter, reason, why):
    with pytest.raises(LetterRefused, match=why):
        void(office, letter, reason=reason)

    assert void(office, letter, reason="误" * 200).void_reason == "误" * 200


@pytest.mark.parametrize("role", OTHERS)
def test_only_the_office_voids_letters(letter, unit, role):
    with pytest.raises(Letter.DoesNotExist):
        void(factories.user(role, unit=unit), letter)


def test_the_office_of_another_county_voids_nothing(letter):
    with pytest.raises(Letter.DoesNotExist):
        void(neighbour(), letter)


def test_a_letter_is_void_once_and_not_from_an_old_page(office, letter):
    key, version = uuid.uuid4(), letter.row_version

    for _ in range(2):
        letters.void(by=office, letter=letter, version=version, reason="发错单位", form_key=key)
    with pytest.raises(changes.StaleRow):
        letters.void(by=office, letter=letter, version=version, reason="发错单位", form_key=uuid.uuid4())

    assert [kind for kind, _ in told(letter)].count("voided") == 1


# Rounds


def planned():
    row = rounds_made.round_("planned", title="二季度观摩")
    rounds_made.stop(row, "河道治理")
    rounds_made.judge(row)
    return row


def test_a_round_in_preparation_is_deleted_with_its_stops(office):
    row, kept = planned(), rounds_made.stop(rounds_made.round_("open"))

    round_recalls.discard(by=office, round_=row, version=1)

    assert (list(Round.objects.all()), list(Stop.objects.all())) == ([kept.round], [kept])
    assert (Judge.objects.count(), Criterion.objects.filter(round=row.pk).count()) == (0, 0)
    assert AuditEntry.objects.get().summary == "二季度观摩：删去这次观摩（1 个观摩点）"
    assert last(Round.history.filter(id=row.pk)).history_type == "-"
    assert last(Stop.history.filter(round=row.pk)).history_type == "-"


def test_a_round_whose_stop_holds_something_is_not_deleted(office):
    row = planned()
    Finding.objects.create(stop=row.stops.get(), kind="strength", text="进度快", at=timezone.now())

    with pytest.raises(RoundRefused, match="观摩点“河道治理”已有发现，不能从路线中移除。"):
        round_recalls.discard(by=office, round_=row, version=1)

    assert Round.objects.exists()


@pytest.mark.parametrize("state", ["open", "closed"])
def test_only_a_round_in_preparation_is_deleted(office, state):
    row = rounds_made.round_(state, closed_at=timezone.now() if state == "closed" else None)

    with pytest.raises(RoundRefused, match="不能删去。"):
        round_recalls.discard(by=office, round_=row, version=1)


def test_an_open_round_without_a_score_goes_back_into_preparation(office):
    row = rounds_made.round_("open")

    round_recalls.take_back(by=office, round_=row, version=1)

    assert Round.objects.get().state == "planned"
    assert AuditEntry.objects.get().summary == f"{row}：退回筹备"


def test_a_round_with_a_score_stays_open(office):
    row = rounds_made.round_("open")
    seat = rounds_made.judge(row, factories.user("inspector", name="督查员甲"))
    rounds_made.sheet(seat, rounds_made.stop(row), "50", "30")

    with pytest.raises(RoundRefused, match="督查员甲已经评过分，不能退回筹备。"):
        round_recalls.take_back(by=office, round_=row, version=1)


def test_what_is_not_open_is_not_taken_back(office):
    with pytest.raises(RoundRefused, match="这次观摩还没有开始，不用退回筹备。"):
        round_recalls.take_back(by=office, round_=planned(), version=1)
    with pytest.raises(RoundRefused, match="这次观摩已经结束，不能再改。"):
        round_recalls.take_back(by=office, round_=closed(), version=1)


def closed(**fields):
    return rounds_made.round_("closed", closed_at=timezone.make_aware(dt.datetime(2024, 5, 30, 18)), **fields)


def report(*moment, period=2, kind="quarterly", version=1):
    return IssuedReport.objects.create(
        county=factories.county(),
        kind=kind,
        year=2024,
        period=period,
        version=version,
        as_of=TODAY,
        content={"title": "沁源县2024年二季度重大项目督导观摩报告"},
        digest="",
        issued_at=timezone.make_aware(dt.datetime(*moment)),
    )


def test_a_round_closed_too_early_is_opened_again(office):
    row = closed()

    round_recalls.reopen(by=office, round_=row, version=1, reason=" 漏评一个点 ")

    kept = Round.objects.get()
    assert (kept.state, kept.closed_at, kept.reopening) == ("open", None, "漏评一个点")
    assert AuditEntry.objects.get().summary == f"{row}：重新开放评分，原因：漏评一个点"
    assert last(kept.history_records).reopening == "漏评一个点"


def test_a_round_that_a_report_tells_of_stays_closed(office):
    row = closed()
    report(2024, 5, 30, 18)
    report(2024, 5, 31, 9, version=2)

    with pytest.raises(RoundRefused, match="督导观摩报告第 2 版（2024-05-31 签发）已用到这次观摩的结果，不能重新开放"):
        round_recalls.reopen(by=office, round_=row, version=1, reason="漏评")

    assert Round.objects.get().state == "closed"


@pytest.mark.parametrize(
    "other",
    [
        {"moment": (2024, 5, 30, 17)},
        {"moment": (2024, 5, 31, 9), "period": 1},
        {"moment": (2024, 5, 31, 9), "kind": "monthly"},
    ],
    ids=["issued before the result", "of another quarter", "of a month"],
)
def test_other_reports_do_not_rest_on_the_round(office, other):
    row, moment = closed(), other.pop("moment")
    report(*moment, **other)

    assert round_recalls.reopen(by=office, round_=row, version=1, reason="漏评").state == "open"


@pytest.mark.parametrize(
    ("reason", "why"), [(" ", "请写明重新开放的原因。"), ("漏" * 201, "原因有 201 字，超过 200 字，请缩短。")]
)
def test_opening_again_asks_for_a_short_reason(office, reason, why):
    with pytest.raises(RoundRefused) as refused:
        round_recalls.reopen(by=office, round_=closed(), version=1, reason=reason)

    assert refused.value.errors == {"reason": why}


def test_an_open_round_is_not_opened_again(office):
    with pytest.raises(RoundRefused, match="这次观摩还没有结束，不用重新开放。"):
        round_recalls.reopen(by=office, round_=rounds_made.round_("open"), version=1, reason="漏评")


ROUND_STEPS = {
    "discard": (planned, {}),
    "take_back": (lambda: rounds_made.round_("open"), {}),
    "reopen": (closed, {"reason": "漏评"}),
}


@pytest.mark.parametrize("step", ROUND_STEPS)
@pytest.mark.parametrize("role", OTHERS)
def test_only_the_office_takes_rounds_back(role, step):
    make, values = ROUND_STEPS[step]

    with pytest.raises(Round.DoesNotExist):
        getattr(round_recalls, step)(by=factories.user(role), round_=make(), version=1, **values)

    assert not ChangeSet.objects.exists()


@pytest.mark.parametrize("step", ROUND_STEPS)
def test_the_office_of_another_county_finds_no_round(step):
    make, values = ROUND_STEPS[step]

    with pytest.raises(Round.DoesNotExist):
        getattr(round_recalls, step)(by=neighbour(), round_=make(), version=1, **values)


@pytest.mark.parametrize("step", ROUND_STEPS)
def test_rounds_are_not_taken_back_from_an_old_page(office, step):
    make, values = ROUND_STEPS[step]
    row = make()

    with pytest.raises(changes.StaleRow):
        getattr(round_recalls, step)(by=office, round_=row, version=2, **values)


@pytest.mark.parametrize("step", ["take_back", "reopen"])
def test_the_same_form_takes_a_round_back_once(office, step):
    make, values = ROUND_STEPS[step]
    row, key = make(), uuid.uuid4()

    for _ in range(2):
        getattr(round_recalls, step)(by=office, round_=row, version=1, form_key=key, **values)

    assert (Round.objects.get().row_version, ChangeSet.objects.count()) == (2, 1)


def test_a_round_opened_again_can_be_closed_again(office):
    row = closed()
    rounds_made.sheet(rounds_made.judge(row), rounds_made.stop(row), "50", "30")
    row = round_recalls.reopen(by=office, round_=row, version=1, reason="漏评")

    row = round_actions.close(by=office, round_=row, version=2)

    assert (row.state, row.reopening) == ("closed", "漏评")


# Meetings


def test_a_meeting_without_matters_is_deleted(office):
    row = matters_made.meeting("open", TODAY, title="五月月落实会议")

    assert meetings.discard(by=office, meeting=row, version=1) == "五月月落实会议"

    assert not Meeting.objects.exists()
    assert AuditEntry.objects.get().summary == "五月月落实会议：删去会议"
    assert last(Meeting.history.all()).history_type == "-"


def test_a_meeting_with_matters_or_issued_minutes_stays(office, unit):
    row, issued = matters_made.meeting("open", TODAY), matters_made.meeting()
    matters_made.matter(row, unit)

    with pytest.raises(MatterRefused, match="这次会议已有 1 项议定事项，不能删去。"):
        meetings.discard(by=office, meeting=row, version=1)
    with pytest.raises(MatterRefused, match="的纪要已经印发"):
        meetings.discard(by=office, meeting=issued, version=1)

    assert Meeting.objects.count() == 2


@pytest.mark.parametrize("role", OTHERS)
def test_only_the_office_deletes_a_meeting(role):
    row = matters_made.meeting("open", TODAY)

    with pytest.raises(Meeting.DoesNotExist):
        meetings.discard(by=factories.user(role), meeting=row, version=1)


def test_the_office_of_another_county_deletes_no_meeting():
    with pytest.raises(Meeting.DoesNotExist):
        meetings.discard(by=neighbour(), meeting=matters_made.meeting("open", TODAY), version=1)


def test_a_meeting_is_not_deleted_from_an_old_page(office):
    row = matters_made.meeting("open", TODAY)
    meetings.edit(by=office, meeting=row, version=1, values={"place": "二楼"})

    with pytest.raises(changes.StaleRow):
        meetings.discard(by=office, meeting=row, version=1)


@pytest.mark.parametrize(
    ("step", "thing"),
    [
        (matters.revoke, lambda unit: {"matter": matter(unit), "reason": "误交办"}),
        (matters.reopen, lambda unit: {"matter": matter(unit, "done"), "reason": "误点"}),
        (round_recalls.discard, lambda unit: {"round_": planned()}),
        (round_recalls.take_back, lambda unit: {"round_": rounds_made.round_("open")}),
        (round_recalls.reopen, lambda unit: {"round_": closed(), "reason": "漏评"}),
        (meetings.discard, lambda unit: {"meeting": matters_made.meeting("open", TODAY)}),
    ],
)
def test_each_leaves_one_entry_in_the_trail_and_moves_the_data_version(office, unit, step, thing):
    values, version = thing(unit), County.objects.get().data_version

    step(by=office, version=1, **values)

    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.county, entry.outcome) == (office, office.county, "done")
    assert County.objects.get().data_version == version + 1
