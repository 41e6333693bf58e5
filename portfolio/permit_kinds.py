"""The permits (前期手续) that a new county begins with, in the order in which Shanxi asks for them.

默认值，非官方: phases follow 国办发〔2019〕11 号, the months of validity are published at second hand. A county sets
its own. Where no period is published there is none.
"""

from dataclasses import dataclass

from portfolio.models.permits import PermitKind, PermitPhase

PLANNING, DESIGN, BUILDING, ACCEPTANCE = PermitPhase


@dataclass(frozen=True)
class DefaultKind:
    """`valid_months`: within how many months of being granted the project has to start; None for no period."""

    code: str
    name: str
    short_name: str
    phase: PermitPhase
    valid_months: int | None = None
    can_be_promised: bool = False


DEFAULTS = (
    DefaultKind("approval", "立项（审批、核准、备案）", "立项", PLANNING, 24),
    DefaultKind("feasibility", "可行性研究报告批复", "可研", PLANNING, 24),
    DefaultKind("siting", "用地预审与选址意见书", "规划选址", PLANNING, 36),
    DefaultKind("land", "建设用地批准", "用地", PLANNING),
    DefaultKind("land-plan", "建设用地规划许可证", "用地规划", PLANNING),
    DefaultKind("environment", "环境影响评价批复", "环评", PLANNING, 60, can_be_promised=True),
    DefaultKind("energy", "节能审查意见", "能评", PLANNING, can_be_promised=True),
    DefaultKind("soil", "水土保持方案批复", "水保", PLANNING, can_be_promised=True),
    DefaultKind("works-plan", "建设工程规划许可证", "工程规划", DESIGN, 12),
    DefaultKind("fire-design", "消防设计审查", "消防审查", BUILDING, can_be_promised=True),
    DefaultKind("air-defence", "人民防空工程建设审批", "人防", BUILDING, can_be_promised=True),
    DefaultKind("building", "建筑工程施工许可证", "施工许可", BUILDING, 3),
    DefaultKind("fire-check", "消防验收或备案", "消防验收", ACCEPTANCE),
    DefaultKind("acceptance", "竣工验收备案", "竣工验收", ACCEPTANCE),
)


def of_county(county):
    """All kinds of the county in their order, in use or not."""
    return PermitKind.objects.filter(county=county).order_by("seq", "pk")


def in_use(county):
    return of_county(county).filter(is_active=True)


def default_rows(county):
    """Unsaved rows of the defaults."""
    return [
        PermitKind(
            county=county,
            seq=seq * 10,
            code=kind.code,
            name=kind.name,
            short_name=kind.short_name,
            phase=kind.phase,
            valid_months=kind.valid_months,
            can_be_promised=kind.can_be_promised,
        )
        for seq, kind in enumerate(DEFAULTS, 1)
    ]


def is_default(kind):
    """Whether this row's validity is still the one that the county began with, which no office has set."""
    return any(each.code == kind.code and each.valid_months == kind.valid_months for each in DEFAULTS)
