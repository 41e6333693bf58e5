"""The calendar's file, line by line as RFC 5545 asks for it."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from accounts.models import County
from inspections.calendar import Event, Kind
from inspections.exporting.ics import escaped, folded, ics_file

SHANGHAI = ZoneInfo("Asia/Shanghai")
MADE_AT = dt.datetime(2024, 5, 31, 10, tzinfo=SHANGHAI)
NASTY = "甲方、乙方；项目,一期;二期\\三期：\n“第二行”\r\nEND:VCALENDAR\t" + "沁源县城区集中供热管网延伸工程𠮷" * 40
COUNTY = County(code="140431", name="沁源县")
FIRST = dt.date(2024, 5, 31)


def file_of(*events):
    return ics_file(events, COUNTY, MADE_AT, lambda path: f"https://zdxm.example{path}")


def lines_of(*events):
    return file_of(*events).decode().split("\r\n")


def event_lines(event):
    lines = lines_of(event)
    return lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT") + 1]


def deadline(**fields):
    fields = {"kind": Kind.MATTER, "key": "matter-7", "day": FIRST, "title": "报方案", "address": "/m/7/"} | fields
    return Event(**fields)


def test_a_calendar_without_events_is_its_frame():
    assert lines_of() == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//140431//Major Projects//ZH",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:沁源县重大项目日历",
        "END:VCALENDAR",
        "",
    ]


def test_a_deadline_is_one_whole_day():
    assert event_lines(deadline()) == [
        "BEGIN:VEVENT",
        "UID:matter-7@140431.major-projects",
        "DTSTAMP:20240531T020000Z",
        "DTSTART;VALUE=DATE:20240531",
        "DTEND;VALUE=DATE:20240601",
        "SUMMARY:【交办事项】报方案",
        "CATEGORIES:交办事项",
        "URL:https://zdxm.example/m/7/",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def test_several_days_end_on_the_day_after_the_last():
    lines = event_lines(deadline(kind=Kind.ROUND, until=dt.date(2024, 6, 2)))

    assert lines[3:5] == ["DTSTART;VALUE=DATE:20240531", "DTEND;VALUE=DATE:20240603"]


def test_a_moment_is_told_in_utc():
    noon = dt.datetime(2024, 5, 31, 12, tzinfo=SHANGHAI)

    lines = event_lines(deadline(kind=Kind.WEEK, at=noon))

    assert [line for line in lines if line.startswith("DT")] == ["DTSTAMP:20240531T020000Z", "DTSTART:20240531T040000Z"]


def test_units_and_leaders_are_described_on_lines_of_their_own():
    lines = event_lines(deadline(units=("水利局", "住建局"), leaders=("甲",)))

    assert "DESCRIPTION:单位：水利局、住建局\\n领导：甲" in lines


def test_every_line_ends_with_cr_lf_and_is_no_longer_than_75_octets():
    file = file_of(deadline(title="沁源县第一污水处理厂及配套管网提质增效改扩建工程：" * 4))

    lines = file.split(b"\r\n")

    assert b"\n" not in file.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    assert lines[-1] == b""


@pytest.mark.parametrize(("octets", "pieces"), [(75, 1), (76, 2), (149, 2), (150, 3)])
def test_a_line_is_folded_behind_75_octets(octets, pieces):
    found = folded("x" * octets).split("\r\n")

    assert len(found) == pieces
    assert all(piece.startswith(" ") for piece in found[1:])


def test_folding_cuts_no_character_and_loses_none():
    line = "SUMMARY:" + "督导观摩𠮷" * 20

    pieces = folded(line).encode().split(b"\r\n")

    assert max(map(len, pieces)) <= 75
    assert pieces[0].decode() + "".join(piece.decode()[1:] for piece in pieces[1:]) == line


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a,b;c", "a\\,b\\;c"),
        ("a\\n", "a\\\\n"),
        ("一\r\n二\r三\n四", "一\\n二\\n三\\n四"),
        ("一\x00\t二", "一  二"),
    ],
)
def test_text_is_escaped(text, written):
    assert escaped(text) == written


def test_a_title_can_not_add_a_line():
    lines = event_lines(deadline(title="一\r\nEND:VEVENT"))

    assert lines[5] == "SUMMARY:【交办事项】一\\nEND:VEVENT"


# As another program reads it


def parsed(*events):
    """The components of the file's events; the parser raises for what breaks RFC 5545."""
    calendar = Calendar.from_ical(file_of(*events))
    assert calendar.errors == []
    found = calendar.walk("VEVENT")
    assert [event.errors for event in found] == [[] for _ in events]
    return found


def test_another_program_reads_every_title_as_it_was_written():
    [event] = parsed(deadline(title=NASTY, units=("水利局,一股", "住建局;二股"), leaders=("甲\\乙",)))

    written = NASTY.replace("\r\n", "\n").replace("\t", " ")
    assert str(event["SUMMARY"]) == f"【交办事项】{written}"
    assert str(event["DESCRIPTION"]) == "单位：水利局,一股、住建局;二股\n领导：甲\\乙"
    assert event["CATEGORIES"].cats == ["交办事项"]
    assert str(event["URL"]) == "https://zdxm.example/m/7/"


def test_another_program_reads_whole_days_and_moments():
    noon = dt.datetime(2024, 5, 31, 12, tzinfo=SHANGHAI)
    several = deadline(kind=Kind.ROUND, key="round-1", until=dt.date(2024, 6, 2))

    day, days, moment = parsed(deadline(), several, deadline(kind=Kind.WEEK, key="week-2024-W22", at=noon))

    assert (day.start, day.end) == (FIRST, dt.date(2024, 6, 1))
    assert (days.start, days.end) == (FIRST, dt.date(2024, 6, 3))
    assert moment.start == noon
    assert {str(event["DTSTAMP"].dt) for event in (day, days, moment)} == {"2024-05-31 02:00:00+00:00"}


def test_the_same_thing_keeps_its_uid_whatever_becomes_of_it():
    [before], [after] = parsed(deadline()), parsed(deadline(day=dt.date(2024, 6, 7), title="改过的事项"))

    assert before["UID"] == after["UID"] == "matter-7@140431.major-projects"


@pytest.mark.parametrize("char", ["\ud800", "\x85", "\u2028", "\x7f", "\ufeff"])
def test_what_no_text_takes_becomes_a_space(char):
    [event] = parsed(deadline(title=f"一{char}二"))

    assert str(event["SUMMARY"]) == "【交办事项】一 二"
