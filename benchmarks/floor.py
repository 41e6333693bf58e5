"""The least a Python process can do for the same pages: one SQL statement and a string join, no framework, no escaping.

Nobody would ship this; it tells how far the product is from what the machine allows.
"""

from http.cookies import SimpleCookie
from io import BytesIO
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from openpyxl import Workbook

from accounts.models import User
from benchmarks.tasks import FLOOR_PREFIX

ROWS = """
    SELECT plan.seq, project.name, project.address, project.started_on, plan.progress, project.content,
           project.total_investment, plan.planned_investment, unit.name, leader.name, plan.remark
    FROM portfolio_annualplan plan
    JOIN portfolio_project project ON project.id = plan.project_id
    LEFT JOIN accounts_unit unit ON unit.id = project.unit_id
    LEFT JOIN portfolio_leader leader ON leader.id = plan.leader_id
    WHERE plan.county_id = %s AND plan.year = 2024
"""
SUMS = """
    SELECT {path}, count(*), sum(project.total_investment), sum(plan.planned_investment)
    FROM portfolio_annualplan plan
    JOIN portfolio_project project ON project.id = plan.project_id
    WHERE plan.county_id = %s AND plan.year = 2024 GROUP BY 1
"""


def rows(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def table(found):
    lines = ("<tr><td>" + "</td><td>".join(map(str, row)) + "</td></tr>" for row in found)
    return "<!doctype html><meta charset=utf-8><table>" + "".join(lines) + "</table>"


def first(county, query):
    return table(rows(ROWS + "ORDER BY plan.seq LIMIT 50", county))


def sorted_rows(county, query):
    return table(rows(ROWS + "ORDER BY project.total_investment DESC LIMIT 50", county))


def filtered(county, query):
    return table(rows(ROWS + "AND project.name LIKE %s ORDER BY plan.seq LIMIT 50", county, f"%{query['q'][0]}%"))


def everything(county, query):
    return table(rows(ROWS + "ORDER BY plan.seq", county))


def overview(county, query):
    return "".join(
        table(rows(SUMS.format(path=path), county)) for path in ("1", "project.category", "project.stage", "town_id")
    )


def export(county, query):
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows(ROWS + "ORDER BY plan.seq", county):
        sheet.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def signed_in(county, query, cookie=""):
    """The sign-in check alone, the floor of an answer that says "unchanged"."""
    key = SimpleCookie(cookie)[settings.SESSION_COOKIE_NAME].value
    user = User.objects.for_session().get(pk=SessionStore(key)[SESSION_KEY])
    return str(user.county.data_version)


PAGES = {
    "first": first,
    "sorted": sorted_rows,
    "filtered": filtered,
    "all": everything,
    "overview": overview,
    "export": export,
}


def answer(environ, start_response):
    name = environ["PATH_INFO"].removeprefix(FLOOR_PREFIX)
    query = parse_qs(environ["QUERY_STRING"])
    if name == "signed-in":
        body = signed_in(None, query, environ.get("HTTP_COOKIE", ""))
    else:
        body = PAGES[name](query["county"][0], query)
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [body if isinstance(body, bytes) else body.encode()]
