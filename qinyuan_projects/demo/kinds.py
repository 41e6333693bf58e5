"""The kinds of project that the demo county has: fixtures/demo/<类别>.tsv, words, scales and prices of each."""

import csv
import functools
from dataclasses import dataclass

from django.conf import settings

OWN_TOWN = "所在乡镇人民政府"  # in the fixture: the government of the township where the project is


class Scale(float):
    """A project's scale in a sentence: `{n}` as it is, `{n:x0.5}` a figure that follows from it, `{n:r0.4}` a count."""

    def __format__(self, spec):
        value = float(self) * float(spec[1:] or 1)
        if spec.startswith("r"):
            return str(max(round(value), 1))
        return f"{value:.2f}".rstrip("0").rstrip(".") if value < 10 else f"{value:.0f}"


@dataclass(frozen=True)
class Kind:
    """`{n}` is the scale, `{p}` an invented place word, `{t}` the township, in `name` and `contents`.

    `cost` is 万元 per unit of scale. `works` names the words of progress (demo.progress). `where` is "" for any
    township, "zone" for the development zone, "seat" for the county seat, "county" for the whole county (no township).
    """

    count: int
    sector: str
    industry: str
    unit: str
    name: str
    scales: tuple
    cost: float
    works: str
    nature: str
    where: str
    builder: str
    contents: tuple


FOLDER = settings.BASE_DIR / "fixtures" / "demo"


@functools.cache
def invented_places():
    return (FOLDER / "虚构地名.txt").read_text("utf-8").split()


def kinds_of(category):
    with (FOLDER / f"{category}.tsv").open(encoding="utf-8", newline="") as lines:
        return [_kind(row) for row in csv.DictReader(lines, delimiter="\t")]


def _kind(row):
    return Kind(
        **row
        | {
            "count": int(row["count"]),
            "scales": tuple(float(scale) for scale in row["scales"].split()),
            "cost": float(row["cost"]),
            "contents": tuple(row["contents"].split("|")),
        }
    )
