"""Leaders on site in the demo's half year: most have been out, some not since winter, a few never."""

import datetime as dt
import random
import uuid

from portfolio.actions import visits
from portfolio.models import Leader, Project
from qinyuan_projects.demo import people
from qinyuan_projects.demo.generation import SEED, YEAR
from qinyuan_projects.demo.rows import BUILDING
from qinyuan_projects.demo.timeline import Event, at

NEVER_OUT = frozenset({"县领导酉", "县领导亥"})
OF_THAT_LEADER, OF_OTHERS = 8, 3
WORDS = (
    "查看施工现场，要求抢抓工期、守住安全底线。",
    "听取建设单位汇报，协调解决用地和用电问题。",
    "现场推进进度，要求倒排工期、增加班组。",
    "调研建设情况，对质量和扬尘管控提出要求。",
    "走访企业负责人，了解资金和用工情况。",
    "现场办公，明确责任单位和完成时限。",
)
FIRST, LAST = dt.date(YEAR, 2, 20), dt.date(YEAR, 5, 29)


def events(actors, rows):
    for name in people.LEADERS:
        if name in NEVER_OUT:
            continue
        rng = random.Random(f"{SEED} visits {name}")
        theirs = [row.name for row in rows if row.leader == name and row.stage == BUILDING]
        count = OF_THAT_LEADER if name == people.LEADER_WITH_ACCOUNT else rng.randint(1, OF_OTHERS)
        for project in theirs[:count]:
            day = FIRST + dt.timedelta(days=rng.randint(0, (LAST - FIRST).days))
            words = rng.choice(WORDS)
            yield Event(
                at(day.month, day.day, 17, 30),
                lambda visit=(name, project, day, words): _record(actors, *visit),
            )


def _record(actors, leader, project, day, words):
    """The leader who has an account notes it; for the others the office does."""
    is_own = leader == people.LEADER_WITH_ACCOUNT
    visits.record_visit(
        by=actors.accounts["leader"] if is_own else actors.office,
        leader=Leader.objects.get(county=actors.county, name=leader),
        project=Project.objects.get(county=actors.county, name=project),
        day=day,
        words=words,
        form_key=uuid.uuid5(uuid.NAMESPACE_URL, f"{leader} {project} {day}"),
    )
