"""Which library has taken up the demo's reserve projects (项目库): declared in March, one more in April."""

from itertools import cycle

from portfolio.actions import changes
from portfolio.models import ChangeSet, Project
from portfolio.models.register import Library, Stage
from qinyuan_projects.demo.timeline import Event, at

NONE, CITY, PROVINCE, NATIONAL = Library
# Of those that have a project code, in turn; those without one can't be declared yet.
DECLARED = (PROVINCE, CITY, NATIONAL, NONE, PROVINCE)
# Looked at in April, found missing, and taken up eight days later; and one that was found in order in May.
TAKEN_UP, IN_ORDER = "韩洪乡畜禽粪污资源化利用项目", "法中乡葫芦峪肉牛标准化养殖场项目"


def events(actors):
    yield Event(at(3, 20, 15), lambda: _declare(actors))
    yield Event(at(4, 23, 9), lambda: _take_up(actors))


def _declare(actors):
    projects = list(Project.objects.filter(county=actors.county, stage=Stage.RESERVE).order_by("pk"))
    libraries = cycle(DECLARED)
    for project in projects:
        project.library = next(libraries) if project.code else NONE
        project.library = {TAKEN_UP: NONE, IN_ORDER: PROVINCE}.get(project.name, project.library)
    _save(actors, projects, f"登记 {len(projects)} 个储备项目的入库情况")


def _take_up(actors):
    project = Project.objects.get(county=actors.county, name=TAKEN_UP)
    project.library = PROVINCE
    _save(actors, [project], f"{project}：已入省级库")


def _save(actors, projects, summary):
    change_set = changes.begin(ChangeSet.Kind.BULK, county=actors.county, by=actors.office, summary=summary)
    changes.update(change_set, projects, ["library"])
