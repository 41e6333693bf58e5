"""The two projects of the demo that stand still (停缓建) since April and May."""

import datetime as dt

from portfolio.actions import pauses
from portfolio.models.schedule import PauseReason
from qinyuan_projects.demo.generation import YEAR
from qinyuan_projects.demo.timeline import Event, at

# project, the day, the reason, the words, the day of review
PAUSES = (
    (
        "县城客运枢纽站迁建项目",
        (4, 15),
        PauseReason.FUNDS,
        "上级补助资金未下达，施工单位已撤场，待资金到位后复工。",
        (7, 15),
    ),
    ("椿树坡森林康养基地项目", (5, 13), PauseReason.LAND, "部分林地手续未批复，待批复后复工。", (5, 29)),
)


def events(actors):
    for name, day, reason, words, review in PAUSES:
        yield Event(at(*day, 15), lambda story=(name, reason, words, review): _pause(actors, *story))


def _pause(actors, name, reason, words, review):
    pauses.pause(
        by=actors.office,
        plan=actors.plan(name),
        reason=reason,
        words=words,
        paused_on=actors.county.business_today(),
        review_on=dt.date(YEAR, *review),
    )
