"""Plain factories: valid rows with nothing surprising. What matters to a test is written in the test."""

import datetime as dt
import random
from decimal import Decimal
from itertools import count

from django.utils import timezone
from PIL import Image

from accounts.models import County, Unit, User
from accounts.roles import Role
from portfolio.models import (
    AnnualPlan,
    Leader,
    LightRule,
    Outcome,
    OwnLight,
    Problem,
    Project,
    Town,
    Visit,
    WeeklyDispatch,
)

_numbers = count(1)
PASSWORD = "Right-2024"


def county(code="140431", name="沁源县", **fields):
    return County.objects.get_or_create(code=code, defaults={"name": name, **fields})[0]


def unit(name=None, **fields):
    fields.setdefault("county", county())
    return Unit.objects.create(name=name or f"单位{next(_numbers)}", **fields)


def town(name="沁河镇", code="140431100", kind=Town.Kind.TOWN, **fields):
    fields.setdefault("county", county())
    return Town.objects.get_or_create(
        code=code, county=fields.pop("county"), defaults={"name": name, "kind": kind, **fields}
    )[0]


def leader(name=None, **fields):
    fields.setdefault("county", county())
    return Leader.objects.create(name=name or f"县领导{next(_numbers)}", **fields)


def user(role=Role.OFFICE, username=None, **fields):
    """An account that may sign in at once (no forced password change), with PASSWORD."""
    fields.setdefault("county", county())
    fields.setdefault("must_change_password", False)
    fields.setdefault("name", Role(role).label)
    password = fields.pop("password", PASSWORD)
    return User.objects.create_user(
        username=username or f"{role}{next(_numbers)}", password=password, role=role, **fields
    )


def project(name=None, **fields):
    fields.setdefault("county", county())
    return Project.objects.create(name=name or f"项目{next(_numbers)}", **fields)


def plan(project_=None, year=2024, **fields):
    """A row of the plan table. Keyword arguments that start with `project__` go to its new project."""
    of_project = {key.removeprefix("project__"): fields.pop(key) for key in list(fields) if key.startswith("project__")}
    project_ = project_ or project(**of_project)
    return AnnualPlan.objects.create(county=project_.county, project=project_, year=year, **fields)


def month(year, number):
    """Keyword values for a start date known to the month."""
    return dt.date(year, number, 1)


def clock(*moment):
    """Set the county's business time, Asia/Shanghai; returns the county."""
    row = county()
    row.business_time = timezone.make_aware(dt.datetime(*moment))
    row.save(update_fields=["business_time"])
    return row


def plan_under_way(unit_=None, year=2024, **fields):
    """A plan that has to report: counted, 在建, with a plan of 1,000 万元 of 5,000, and a responsible unit."""
    fields.setdefault("planned_investment", 1000)
    fields.setdefault("project__total_investment", 5000)
    return plan(year=year, project__unit=unit_ or unit(), project__stage="building", **fields)


def report(plan_, week, state="accepted", **fields):
    """A stored weekly report as it lies in the database, without what its actions do around it."""
    return WeeklyDispatch.objects.bulk_create(
        [WeeklyDispatch(county=plan_.county, plan=plan_, year=plan_.year, week=week, state=state, **fields)]
    )[0]


def light_rule(version, since, **fields):
    fields.setdefault("county", county())
    return LightRule.objects.create(
        version=version, since=since, words="县政府常务会议决定。", made_at=timezone.now(), **fields
    )


def milestone(plan_, due, name="节点", **fields):
    return plan_.milestones.create(
        county=plan_.county, name=name, due=due, original_due=fields.pop("original_due", due), **fields
    )


def problem(project_, state="raised", **fields):
    """A problem of 13 May 2024, due a week later, with its record; in a state after `raised` it has been assigned."""
    fields.setdefault("raised_on", dt.date(2024, 5, 13))
    fields.setdefault("deadline", fields["raised_on"] + dt.timedelta(days=7))
    fields.setdefault("original_deadline", fields["deadline"])
    fields.setdefault("text", f"问题{next(_numbers)}")
    fields.setdefault("unit", project_.unit)
    if state != "raised":
        fields.setdefault("assigned_on", fields["raised_on"])
    if state == "closed":
        fields.setdefault("closed_on", fields["deadline"])
    return Problem.objects.create(county=project_.county, project=project_, state=state, **fields)


def visit(leader_, project_, day=dt.date(2024, 5, 20), words="看了现场。", **fields):
    """A leader's visit on site, as it lies in the database."""
    fields.setdefault("noted_at", timezone.make_aware(dt.datetime.combine(day, dt.time(18))))
    return Visit.objects.create(county=leader_.county, leader=leader_, project=project_, day=day, words=words, **fields)


def own_light(plan_, light="green", at=dt.datetime(2024, 5, 30, 9), **fields):
    """An own judgement given at `at`, Asia/Shanghai, as it lies in the database."""
    fields.setdefault("words", "按期推进。")
    return OwnLight.objects.create(county=plan_.county, plan=plan_, light=light, at=timezone.make_aware(at), **fields)


def picture(width=160, height=120, seed=0):
    """A view of light and dark patches; another seed is another view."""
    dice = random.Random(seed)
    patches = Image.new("RGB", (9, 8))
    patches.putdata([(dice.randrange(256),) * 3 for _ in range(72)])
    return patches.resize((width, height), Image.Resampling.BICUBIC)


def outcome(project_, promised="100", reached="60", kind="capacity", **fields):
    """A figure that a project promised and reached (None where not told), as of 2024-05-31 unless said otherwise."""
    fields = {"measure": "万吨/年", "counted_on": dt.date(2024, 5, 31), "counted_on_precision": "d", **fields}
    fields |= {} if reached is not None else {"counted_on": None, "counted_on_precision": ""}
    fields |= {"promised": None if promised is None else Decimal(promised)}
    fields |= {"reached": None if reached is None else Decimal(reached)}
    return Outcome.objects.create(county=project_.county, project=project_, kind=kind, **fields)
