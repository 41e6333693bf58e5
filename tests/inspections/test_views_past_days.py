"""The room's pages on a past day, and their lists as .xlsx: what was known then, and nothing to write."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from inspections.actions import matters, meetings
from inspections.models import Matter
from tests import factories
from tests.inspections import matter_factories as made
from tests.inspections import round_factories

pytestmark = pytest.mark.django_db
PAGES = ["", "monthly/", "calendar/"]
FILES = ["monthly/export/", "calendar/export/"]
BEFORE, AFTER = "2024-05-20", "2024-05-21"


@pytest.fixture
def as_office(client, office):
    client.force_login(office)
    return client


@pytest.fixture
def meeting(office):
    """Prepared on 20 May, issued on the 21st with two matters, one of which was done on the 27th. Today is the 31st."""
    factories.clock(2024, 5, 20, 10)
    office.refresh_from_db(fields=["county"])  # whose clock it is
    unit = factories.unit("水利局")
    values = {"title": "五月会议", "held_on": dt.date(2024, 5, 20), "chair": "县领导", "present": "张某 13800138000"}
    meeting = meetings.create(by=office, values=values)
    rows = [{"text": text, "unit": unit} for text in ("完成征地", "完成审批")]
    first, _ = matters.decide_all(by=office, meeting=meeting, rows=rows)
    factories.clock(2024, 5, 21, 10)
    meetings.issue(by=office, meeting=meeting, version=meeting.row_version)
    factories.clock(2024, 5, 27, 10)
    matters.close(by=office, matter=first, version=1, text="现场核对")
    factories.clock(2024, 5, 31, 10)
    return meeting


def get(client, page):
    return client.get(f"/inspections/{page}")


def sheet(client, page):
    book = load_workbook(io.BytesIO(get(client, page).getvalue()))
    return [list(row) for row in book.active.iter_rows(values_only=True)]


@pytest.mark.parametrize(("as_of", "state", "counts"), [(BEFORE, "open", (2, 0, 0)), (AFTER, "closed", (2, 0, 0))])
def test_the_list_of_meetings_shows_what_was_known_then(as_office, meeting, as_of, state, counts):
    page = get(as_office, f"monthly/?as_of={as_of}")

    [row] = page.context["meetings"]
    assert (row.state, (row.total, row.done, row.overdue)) == (state, counts)
    assert page.context["may_run"] is False


def test_today_one_is_done_and_the_other_is_late(as_office, meeting):
    [row] = get(as_office, "monthly/").context["meetings"]

    assert (row.total, row.done, row.overdue) == (2, 1, 1)


def test_a_meeting_that_was_not_yet_prepared_is_not_there(as_office, meeting):
    assert list(get(as_office, "monthly/?as_of=2024-05-19").context["meetings"]) == []
    assert get(as_office, f"monthly/{meeting.pk}/?as_of=2024-05-19").status_code == 404


def test_a_meeting_on_a_past_day_has_nothing_to_type(as_office, meeting):
    page = get(as_office, f"monthly/{meeting.pk}/?as_of={BEFORE}")

    assert (page.context["typing"], page.context["is_closed"]) == (None, False)
    assert 'action="/inspections/' not in page.content.decode()


def test_its_matters_are_told_as_they_stood(as_office, meeting):
    then = get(as_office, f"monthly/{meeting.pk}/?as_of=2024-05-26").context["rows"]
    now = get(as_office, f"monthly/{meeting.pk}/").context["rows"]

    assert [row.clock.words for row in then] == ["还剩 1 天", "还剩 1 天"]
    assert [row.clock.words for row in now] == ["按时办结", "逾期 4 天"]
    assert [row.latest for row in then] == [None, None]


def test_the_first_page_counts_what_was_open_then(as_office, meeting):
    assert get(as_office, f"?as_of={BEFORE}").context["home"].matters == (0, 0)
    assert get(as_office, f"?as_of={AFTER}").context["home"].matters == (2, 0)
    assert get(as_office, "").context["home"].matters == (1, 1)


def test_the_first_page_of_a_past_day_says_what_has_no_history_and_asks_for_nothing(as_office, meeting):
    page = get(as_office, f"?as_of={AFTER}")

    assert "评委、观摩发现和照片没有按日留存" in page.content.decode()
    assert (page.context["shows_own"], page.context["may_check"], page.context["may_run"]) == (False, False, False)


def test_the_calendar_of_a_past_day_starts_there_and_shows_what_was_open(as_office, meeting):
    def titles(query):
        return [
            event.title
            for event in get(as_office, f"calendar/{query}").context["page"].events
            if event.kind == "matter"
        ]

    assert titles(f"?as_of={BEFORE}") == []
    assert titles(f"?as_of={AFTER}") == ["完成审批", "完成征地"]
    assert titles("?month=2024-05") == ["完成审批"]


@pytest.mark.parametrize("path", PAGES)
def test_a_day_to_come_is_today(as_office, meeting, path):
    context = get(as_office, f"{path}?as_of=2024-06-01").context

    assert context["as_of_choice"].day is None


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_a_past_day_says_so_and_leads_back(as_office, meeting, path):
    shown = get(as_office, f"{path}?as_of={AFTER}").content.decode()

    assert "截至 2024-05-21（第21周）" in shown
    assert "回到今天" in shown


# Files


def test_the_list_of_meetings_is_handed_out_with_its_sums(as_office, meeting):
    made.meeting("open", dt.date(2024, 5, 30), title="六月会议")

    rows = sheet(as_office, "monthly/export/")

    assert rows[0][0] == "月落实会议清单"
    assert rows[1][0] == "截至 2024-05-31；全部年度"
    assert [row[1:3] + row[6:10] for row in rows[3:]] == [
        ["2024-05-30", "六月会议", 0, None, None, "筹备和记录中"],
        ["2024-05-20", "五月会议", 2, 1, 1, "已印发纪要"],
        [None, None, 2, 1, 1, None],
    ]
    assert rows[4][5] == "张某 138****8000"


def test_the_list_of_a_year_and_day_is_handed_out_as_it_is_shown(as_office, meeting):
    made.meeting(held_on=dt.date(2023, 12, 8))

    rows = sheet(as_office, f"monthly/export/?year=2024&as_of={BEFORE}")

    assert rows[1][0] == "截至 2024-05-20；2024年"
    assert [row[9] for row in rows[3:-1]] == ["筹备和记录中"]


def test_the_calendar_is_handed_out_as_it_is_shown(as_office, meeting):
    round_factories.round_("open", title="二季度观摩")

    rows = sheet(as_office, "calendar/export/?month=2024-05")

    shown = get(as_office, "calendar/?month=2024-05").context["page"].events
    assert [row[5] for row in rows[3:]] == [event.title for event in shown]
    assert [row[1:] for row in rows[3:] if row[4] in {"观摩", "交办事项"}] == [
        ["2024-05-27", None, None, "交办事项", "完成审批", "水利局", None, "逾期"],
        ["2024-05-28", "2024-05-31", None, "观摩", "二季度观摩", None, None, None],
    ]
    assert {row[3] for row in rows[3:] if row[4] == "周报截止"} == {"12:00"}


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("role", ["reporter", "leader", "inspector", "auditor", "sysadmin"])
def test_everybody_takes_the_files_of_what_everybody_reads(client, meeting, role, path):
    made.meeting("open", dt.date(2024, 5, 30), title="筹备中的")
    client.force_login(factories.user(role))

    rows = sheet(client, path)

    assert "筹备中的" not in [cell for row in rows for cell in row]


@pytest.mark.parametrize("path", FILES)
def test_files_are_asked_for_and_by_who_is_signed_in(client, as_office, path):
    assert as_office.post(f"/inspections/{path}").status_code == 405
    client.logout()
    assert get(client, path).status_code == 302


@pytest.mark.parametrize("path", [*PAGES, *FILES])
@pytest.mark.parametrize("as_of", ["", f"?as_of={AFTER}"])
def test_pages_and_files_take_as_many_queries_for_many_meetings(as_office, meeting, path, as_of):
    counts = []
    for _ in range(2):
        get(as_office, path + as_of)
        with CaptureQueriesContext(connection) as queries:
            get(as_office, path + as_of)
        counts.append(len(queries))
        for _ in range(2):
            made.matter(made.meeting(), Matter.objects.first().unit)

    assert counts[0] == counts[1]


# What the room's first page and a meeting's lines say at their head


def test_the_first_page_answers_in_one_sentence(as_office, meeting):
    page = get(as_office, "").content.decode()

    lede = page.split('class="lede"')[1].split("</p>")[0] if 'class="lede"' in page else page
    assert "交办事项未办结 <b>1</b> 项（逾期 <b>1</b>），督办文书未办结 <b>0</b> 件" in lede
    assert "本季度还没有观摩" in lede


def test_lines_that_can_not_be_kept_are_told_above_them(as_office, office):
    row = made.meeting("open", dt.date(2024, 5, 31))
    fields = {
        "form_key": "5a0e3f0c-0000-4000-8000-000000000001",
        "rows": 2,
        "m0-text": "完成征地",
        "m0-unit": "没有的单位",
    }

    page = as_office.post(f"/inspections/monthly/{row.pk}/matters/", fields)

    assert (page.status_code, page.context["typing"].wrong) == (400, 1)
    assert "有 1 行填写有误，都没有保存，请改正红字后再保存。" in page.content.decode()
