"""What is measured: each page of the product beside the page that answers the same question at its peers."""

from dataclasses import dataclass
from urllib.parse import quote

YEAR = 2024
SOUGHT = "污水"  # in the names of 19 projects of each county

PRODUCT, WRITTEN, ADMIN, PLAIN, FLOOR = "本产品", "本产品·刚写过", "Django admin", "django-tables2", "SQL 底线"
CONTENDERS = (PRODUCT, WRITTEN, ADMIN, PLAIN, FLOOR)
UNCHANGED = "未变（304）"
FLOOR_PREFIX = "/bench/floor/"
JUDGED_COLUMNS = "light,completion,deviation,ytd_investment,reported,registration_state"
ENTRY, SAVE_ONE, SUBMIT_ALL, LEDGER, REVIEW = (
    "填报页 15 项",
    "保存 1 项",
    "报送 15 项",
    "县周台账 275 行",
    "审核 137 项",
)


@dataclass
class Task:
    """One address at one contender. With `after_write` the county's data version moves before each request."""

    page: str
    contender: str
    path: str
    after_write: bool = False
    unchanged: bool = False  # ask with the ETag of the last answer, and expect 304
    by_reporter: bool = False
    posts: bool = False

    @property
    def status(self):
        if self.posts and self.contender == PLAIN:
            return 302
        return 304 if self.unchanged else 200


def plan_pages(county_pk):
    """{page: {contender: path}}; a contender without such a page is left out."""
    table, admin = f"/projects/?year={YEAR}", f"/bench/admin/portfolio/annualplan/?year__exact={YEAR}"
    plain, floor = f"/bench/plain/?year={YEAR}", f"{FLOOR_PREFIX}{{}}?county={county_pk}"
    sought = quote(SOUGHT)
    return {
        "首页 50 行": {
            PRODUCT: f"{table}&per_page=50",
            ADMIN: admin,
            PLAIN: plain,
            FLOOR: floor.format("first"),
        },
        "筛选 19 行": {
            PRODUCT: f"{table}&per_page=50&q={sought}",
            ADMIN: f"{admin}&q={sought}",
            PLAIN: f"{plain}&q={sought}",
            FLOOR: f"{floor.format('filtered')}&q={sought}",
        },
        "排序 50 行": {
            PRODUCT: f"{table}&per_page=50&sort=-total_investment",
            ADMIN: f"{admin}&o=-7",
            PLAIN: f"{plain}&sort=-project__total_investment",
            FLOOR: floor.format("sorted"),
        },
        "全部 275 行": {
            PRODUCT: f"{table}&per_page=all",
            ADMIN: f"{admin}&all=",
            PLAIN: f"{plain}&per_page=1000",
            FLOOR: floor.format("all"),
        },
        "总览": {PRODUCT: "/", PLAIN: "/bench/plain/overview/", FLOOR: floor.format("overview")},
        "导出 Excel": {
            PRODUCT: f"/projects/export/?year={YEAR}",
            PLAIN: "/bench/plain/export/",
            FLOOR: floor.format("export"),
        },
    }


def weekly_tasks(county_pk=None):
    """A reporter's unit of 15 projects in week 52, and the county's week of 275."""
    plain = "/bench/plain/week"
    yield Task(ENTRY, PRODUCT, "/dispatch/", by_reporter=True)
    yield Task(ENTRY, PLAIN, f"{plain}/entry/", by_reporter=True)
    yield Task(SAVE_ONE, PRODUCT, "/dispatch/", by_reporter=True, posts=True)
    yield Task(SAVE_ONE, PLAIN, f"{plain}/report/", by_reporter=True, posts=True)
    yield Task(SUBMIT_ALL, PRODUCT, "/dispatch/", by_reporter=True, posts=True)
    yield Task(SUBMIT_ALL, PLAIN, f"{plain}/entry/", by_reporter=True, posts=True)
    yield Task(LEDGER, PRODUCT, f"/dispatch/{YEAR}/52/?tab=ledger")
    yield Task(LEDGER, PLAIN, f"{plain}/?per_page=1000")
    yield Task(REVIEW, PRODUCT, f"/dispatch/{YEAR}/52/?tab=review")


def progress_tasks(county_pk=None):
    """What is judged of the same 275 projects: the plan table with every light column, and the room of progress."""
    table = f"/projects/?year={YEAR}&per_page=50&cols=name,total_investment,{JUDGED_COLUMNS}"
    paths = {
        "总览": "/",
        "亮灯各列 50 行": table,
        "红灯 50 行": f"{table}&light=red",
        "按偏差排序 50 行": f"{table}&sort=deviation",
        "曲线": "/progress/",
        "亮灯": "/progress/lights/",
        "报送": "/progress/reporting/",
        "年底预测": "/progress/forecast/",
        "红黑榜": "/progress/rankings/",
        "六个一": "/six-ones/",
    }
    for page, path in paths.items():
        yield Task(page, PRODUCT, path)
        yield Task(page, WRITTEN, path, after_write=True)


def tasks_of(county_pk):
    """All tasks of one database, page by page, contender by contender: the order of one interleaved round."""
    for page, paths in plan_pages(county_pk).items():
        for contender in CONTENDERS:
            if contender == WRITTEN:
                yield Task(page, WRITTEN, paths[PRODUCT], after_write=True)
            elif contender in paths:
                yield Task(page, contender, paths[contender])
    yield Task(UNCHANGED, PRODUCT, f"/projects/?year={YEAR}&per_page=50", unchanged=True)
    yield Task(UNCHANGED, FLOOR, f"{FLOOR_PREFIX}signed-in")
    yield from weekly_tasks()


@dataclass(frozen=True)
class Target:
    """The product's CPU is to be at most `times` that of `contender` on the same page."""

    page: str
    contender: str
    times: float


TARGETS = (
    Target("首页 50 行", ADMIN, 1 / 5),
    Target("首页 50 行", PLAIN, 1 / 10),
    Target("排序 50 行", ADMIN, 1 / 5),
    Target("排序 50 行", PLAIN, 1 / 10),
    Target("全部 275 行", PLAIN, 1 / 25),
    Target("筛选 19 行", ADMIN, 1 / 4),
    Target("总览", FLOOR, 5),
    Target(UNCHANGED, FLOOR, 5),
    # Beside a plain formset that checks nothing, warns of nothing and keeps no plan row current.
    Target(ENTRY, PLAIN, 2),
    Target(SAVE_ONE, PLAIN, 2),
    Target(SUBMIT_ALL, PLAIN, 2),
    Target(LEDGER, PLAIN, 1 / 3),
)
