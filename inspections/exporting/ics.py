"""The calendar as a file that other calendars read: iCalendar, RFC 5545.

Days are VALUE=DATE and end on the day after the last (§3.6.1); moments are in UTC, so no time zone has to be told. It
is a file to be read in, not an invitation, so it names no METHOD: that would ask for an organizer (RFC 5546).
"""

import datetime as dt

LONGEST_LINE = 75  # octets, without the line end (§3.1)
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def ics_file(events, county, moment, address_of):
    """bytes of the file. `moment` is when it is made; `address_of` makes a page's path an address that others open."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{county.code}//Major Projects//ZH",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{escaped(f'{county.name}重大项目日历')}",
    ]
    for event in events:
        lines += _event(event, county, _utc(moment), address_of(event.address))
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines).encode()


def _event(event, county, stamp, address):
    return [
        "BEGIN:VEVENT",
        f"UID:{event.key}@{county.code}.major-projects",
        f"DTSTAMP:{stamp}",
        *_times(event),
        f"SUMMARY:{escaped(f'【{event.kind.label}】{event.title}')}",
        f"CATEGORIES:{escaped(event.kind.label)}",
        *([f"DESCRIPTION:{escaped(words)}"] if (words := _words(event)) else []),
        f"URL:{address}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _times(event):
    if event.at is not None:
        return [f"DTSTART:{_utc(event.at)}"]
    after = event.last_day + dt.timedelta(days=1)
    return [f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"]


def _words(event):
    units = "、".join(map(str, event.units))
    leaders = "、".join(map(str, event.leaders))
    return "\n".join(line for line in (units and f"单位：{units}", leaders and f"领导：{leaders}") if line)


def _utc(moment):
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(text):
    """A TEXT value (§3.3.11); other control characters are not allowed in one and become spaces."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char if char == "\n" or char.isprintable() else " " for char in text).translate(ESCAPED)


def folded(line):
    """The line in pieces of at most 75 octets, never within a character; each further piece begins with a space."""
    pieces, size = [""], 0
    for char in line:
        octets = len(char.encode())
        if size + octets > LONGEST_LINE:
            pieces.append(" ")
            size = 1
        pieces[-1] += char
        size += octets
    return "\r\n".join(pieces)
