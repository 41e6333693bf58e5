"""The list of own judgements as a ledger, with the words of the screen."""

from django.utils import timezone

from portfolio.exporting.ledger import COUNT, Column, Ledger
from portfolio.privacy import mask_phones

COLUMNS = [
    Column("项目", width=34),
    Column("责任单位", width=18),
    Column("包联领导", width=12),
    Column("规则亮灯", width=10),
    Column("规则亮灯原因", width=36),
    Column("自评", width=10),
    Column("自评日期", width=12),
    Column("自评人", width=16),
    Column("自评说明", width=36),
    Column("距今天数", COUNT, 9),
    Column("比较", width=20),
]


def own_lights_ledger(listing):
    county, day, rule = listing.standings.county, listing.standings.day, listing.standings.thresholds.name
    title = f"{listing.standings.year}年{county.name}项目自评与规则亮灯对照"
    return Ledger(
        title=f"{title}（演示数据）" if county.is_demo else title,
        scope=f"截至{day.year}年{day.month}月{day.day}日　{listing.words}　亮灯规则：{rule}",
        columns=COLUMNS,
        rows=[_values(pair) for pair in listing.found],
        unit=f"共 {len(listing.found)} 个项目",
    )


def _values(pair):
    plan, own = pair.plan, pair.own
    unit, leader = plan.project.unit, plan.leader
    given = [None] * 4
    if own:
        day = str(timezone.localdate(own.at))
        given = [_told(pair.own_light), day, str(own.by or "已注销账号"), mask_phones(own.words)]
    head = [plan.project.name, unit and unit.name, leader and leader.name]
    return [*head, _told(pair.light), pair.judgement.words, *given, pair.age, pair.verdict or "尚未自评"]


def _told(light):
    return f"{light.shape} {light.colour}灯"
