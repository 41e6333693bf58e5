"""The register (项目库): projects that live for years, and the plan of each year that carries the six ones."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import County, Unit
from accounts.roles import Right, has_right
from accounts.scoping import CountyQuerySet
from portfolio import codes
from portfolio.models.changes import tracked_history
from portfolio.partial_dates import PartialDate, Precision
from portfolio.search import name_key, pinyin, search_key


def money_field(label, **options):
    return models.DecimalField(
        label, max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)], **options
    )


def precision_field(label):
    return models.CharField(f"{label}精度", max_length=1, choices=Precision, blank=True)


def not_negative(name, field):
    return models.CheckConstraint(condition=Q(**{f"{field}__gte": 0}) | Q(**{f"{field}__isnull": True}), name=name)


def date_with_precision(name, field):
    """A date knows how precise it is; no date has no precision."""
    precision = f"{field}_precision"
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True, precision: ""})
        | Q(**{f"{field}__isnull": False, f"{precision}__in": Precision.values}),
        name=name,
    )


class Town(models.Model):
    """A township (乡镇) or the development zone, under its GB code; `aliases` are names it used to have."""

    class Kind(models.TextChoices):
        TOWN = "town", "镇"
        TOWNSHIP = "township", "乡"
        ZONE = "zone", "开发区"

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="towns")
    code = models.CharField("区划代码", max_length=9, help_text="统计用区划代码，9 位数字")
    name = models.CharField("名称", max_length=40)
    kind = models.CharField("类型", max_length=8, choices=Kind)
    aliases = models.JSONField("曾用名", default=list, blank=True)

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "乡镇"
        ordering = ["county", "code"]
        constraints = [models.UniqueConstraint(fields=["county", "code"], name="town_code_once_per_county")]

    def __str__(self):
        return self.name


class Leader(models.Model):
    """A county leader who answers for projects (包联领导). `user` is the account, if there is one."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="leaders")
    name = models.CharField("姓名", max_length=40)
    post = models.CharField("职务", max_length=60, blank=True)
    rank = models.PositiveSmallIntegerField("排序", default=100, help_text="数字小的排在前面")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="账号", null=True, blank=True, related_name="leader"
    )
    is_active = models.BooleanField("在任", default=True)
    is_demo = models.BooleanField("演示数据", default=False, editable=False)

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "包联领导"
        ordering = ["county", "rank", "name"]
        constraints = [models.UniqueConstraint(fields=["county", "name"], name="leader_name_once_per_county")]

    def __str__(self):
        return self.name


class Category(models.TextChoices):
    INDUSTRIAL = "industrial", "产业类"
    INFRASTRUCTURE = "infrastructure", "基础设施及社会民生类"


class Nature(models.TextChoices):
    NEW = "new", "新建"
    CONTINUED = "continued", "续建"
    REBUILT = "rebuilt", "改扩建"
    UPGRADED = "upgraded", "技术改造"
    RELOCATED = "relocated", "迁建"


class Stage(models.TextChoices):
    """The four stages that the four looks (四看) ask about."""

    RESERVE = "reserve", "谋划"
    PLANNED = "planned", "计划新开工"
    BUILDING = "building", "在建"
    IN_OPERATION = "in_operation", "开工见效"


STAGES_BEFORE_START = frozenset({Stage.RESERVE, Stage.PLANNED})


class Level(models.TextChoices):
    PROVINCE = "province", "省重点"
    CITY = "city", "市重点"
    COUNTY = "county", "县重点"


class Library(models.TextChoices):
    """The highest library of projects (项目库) that takes a project up: what 看储备 asks for."""

    NONE = "none", "未入库"
    CITY = "city", "市级库"
    PROVINCE = "province", "省级库"
    NATIONAL = "national", "国家库"


class Registration(models.TextChoices):
    """Statistical registration (入统)."""

    DONE = "done", "已入统"
    NOT_YET = "not_yet", "未入统"


class Bundle(models.TextChoices):
    """What the children of a project are."""

    PACKAGE = "package", "打包项目"
    PHASED = "phased", "分期项目"


class LocationKind(models.TextChoices):
    POINT = "point", "点"
    LINE = "line", "线"
    AREA = "area", "面"
    WHOLE_COUNTY = "county", "全县"
    UNDECIDED = "undecided", "未定"


class ProjectQuerySet(CountyQuerySet):
    def editable_by(self, user):
        """The projects whose edit page answers this user; everybody else gets a 404 there."""
        if has_right(user, Right.EDIT_REGISTER):
            return self.visible_to(user)
        if has_right(user, Right.EDIT_OWN_PROJECTS) and user.unit_id:
            return self.visible_to(user).filter(unit_id=user.unit_id)
        return self.none()

    def readied_by(self, user):
        """The projects whose permits, factors, services, funds and outcomes this user writes."""
        if has_right(user, Right.EDIT_REGISTER):
            return self.visible_to(user)
        if has_right(user, Right.READY_OWN_PROJECTS) and user.unit_id:
            return self.visible_to(user).filter(unit_id=user.unit_id)
        return self.none()


class Project(models.Model):
    """A project (项目) as it lives through the years: what is built, where, by whom, for how much."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="projects")
    name = models.CharField("项目名称", max_length=200)
    code = models.CharField(
        "项目代码", max_length=24, blank=True, validators=[codes.validate_project_code], help_text="投资项目统一代码"
    )
    category = models.CharField("项目类别", max_length=16, choices=Category, blank=True)
    sector = models.CharField("所属领域", max_length=40, blank=True, help_text="本县的说法，如 煤焦、新能源、文旅康养")
    industry = models.CharField(
        "国标行业", max_length=5, blank=True, validators=[codes.validate_industry], help_text="GB/T 4754，如 D4416"
    )
    nature = models.CharField("建设性质", max_length=10, choices=Nature, blank=True)
    stage = models.CharField("项目阶段", max_length=14, choices=Stage, blank=True)
    level = models.CharField("项目级别", max_length=10, choices=Level, blank=True)
    library = models.CharField(
        "项目库", max_length=10, choices=Library, blank=True, help_text="进入国家重大建设项目库、省级或市级项目库的情况"
    )

    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="责任单位", related_name="projects", null=True, blank=True
    )
    builder = models.CharField("建设单位", max_length=120, blank=True)
    builder_code = models.CharField(
        "统一社会信用代码",
        max_length=18,
        blank=True,
        validators=[codes.validate_credit_code],
        help_text="建设单位的统一社会信用代码",
    )
    owner = models.CharField("项目业主", max_length=120, blank=True)

    town = models.ForeignKey(
        Town, models.PROTECT, verbose_name="所属乡镇", related_name="projects", null=True, blank=True
    )
    address = models.CharField("建设地址", max_length=200, blank=True)
    location_kind = models.CharField("落图方式", max_length=10, choices=LocationKind, blank=True)
    longitude = models.DecimalField(
        "经度", max_digits=9, decimal_places=6, null=True, blank=True, help_text="WGS84，如 112.337"
    )
    latitude = models.DecimalField(
        "纬度", max_digits=9, decimal_places=6, null=True, blank=True, help_text="WGS84，如 36.500"
    )

    content = models.TextField("主要建设内容", max_length=5000, blank=True)
    total_investment = money_field("总投资", help_text="万元")

    planned_start = models.DateField("计划开工时间", null=True, blank=True)
    planned_start_precision = precision_field("计划开工时间")
    started_on = models.DateField("实际开工时间", null=True, blank=True)
    started_on_precision = precision_field("实际开工时间")
    planned_finish = models.DateField("计划竣工时间", null=True, blank=True)
    planned_finish_precision = precision_field("计划竣工时间")
    finished_on = models.DateField("实际竣工时间", null=True, blank=True)
    finished_on_precision = precision_field("实际竣工时间")

    registration = models.CharField("是否入统", max_length=8, choices=Registration, blank=True)
    registration_code = models.CharField("入统码", max_length=40, blank=True)
    registered_on = models.DateField("入统时间", null=True, blank=True)
    registered_on_precision = precision_field("入统时间")

    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name="上级项目", related_name="children", null=True, blank=True
    )
    bundle = models.CharField("下级项目是", max_length=8, choices=Bundle, blank=True)
    phase = models.PositiveSmallIntegerField("第几期", null=True, blank=True)

    source = models.CharField("资料来源", max_length=300, blank=True)
    is_generated = models.BooleanField("生成的演示数据", default=False, editable=False)
    is_demo = models.BooleanField("演示数据", default=False, editable=False)

    name_key = models.CharField(max_length=200, editable=False)
    name_pinyin = models.CharField(max_length=400, editable=False)
    search_key = models.CharField(max_length=2000, editable=False)
    row_version = models.PositiveIntegerField("行版本", default=1, editable=False)

    objects = ProjectQuerySet.as_manager()
    history = tracked_history()

    class Meta:
        verbose_name = verbose_name_plural = "项目"
        ordering = ["county", "name"]
        indexes = [models.Index(fields=["county", "name_key"])]
        constraints = [
            models.UniqueConstraint(fields=["county", "code"], condition=~Q(code=""), name="project_code_once"),
            not_negative("project_total_not_negative", "total_investment"),
            date_with_precision("project_planned_start_precision", "planned_start"),
            date_with_precision("project_started_on_precision", "started_on"),
            date_with_precision("project_planned_finish_precision", "planned_finish"),
            date_with_precision("project_finished_on_precision", "finished_on"),
            date_with_precision("project_registered_on_precision", "registered_on"),
            models.CheckConstraint(
                condition=Q(planned_start__isnull=True)
                | Q(planned_finish__isnull=True)
                | Q(planned_finish__gte=F("planned_start")),
                name="project_planned_finish_after_start",
            ),
            models.CheckConstraint(
                condition=Q(started_on__isnull=True)
                | Q(finished_on__isnull=True)
                | Q(finished_on__gte=F("started_on")),
                name="project_finished_after_started",
            ),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__isnull=False, latitude__isnull=False),
                name="project_point_is_whole",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.refresh_keys()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("portfolio:project-detail", args=[self.pk])

    def refresh_keys(self, former_names=None):
        """Recompute what search and matching look at. `former_names` spares a query when they are known."""
        if former_names is None:
            former_names = [alias.name for alias in self.aliases.all()] if self.pk else []
        self.name_key = name_key(self.name)[:200]
        self.name_pinyin = pinyin(self.name)[:400]
        self.search_key = search_key([self.name, *former_names], [self.code, self.builder, self.address])

    @property
    def start(self):
        """The 开工时间 of the plan table: actual once the project has started, planned before."""
        if self.started_on:
            return PartialDate.from_stored(self.started_on, self.started_on_precision)
        return PartialDate.from_stored(self.planned_start, self.planned_start_precision)


class ProjectAlias(models.Model):
    """A name the project used to have or is called by in other papers; it stays findable."""

    project = models.ForeignKey(Project, models.CASCADE, verbose_name="项目", related_name="aliases")
    name = models.CharField("曾用名", max_length=200)
    name_key = models.CharField(max_length=200, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "曾用名"
        ordering = ["pk"]
        indexes = [models.Index(fields=["name_key"])]
        constraints = [models.UniqueConstraint(fields=["project", "name_key"], name="alias_once_per_project")]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.name_key = name_key(self.name)[:200]
        super().save(*args, **kwargs)


class Component(models.Model):
    """A part of a project that is counted but is no project itself (单体): 14 buildings of the sewage works."""

    project = models.ForeignKey(Project, models.CASCADE, verbose_name="项目", related_name="components")
    name = models.CharField("名称", max_length=80)
    quantity = models.PositiveIntegerField("数量", default=1, validators=[MinValueValidator(1)])
    measure = models.CharField("单位", max_length=10, default="个")
    done = models.PositiveIntegerField("已建成", default=0)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "单体"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(done__lte=F("quantity")), name="component_done_within_quantity")
        ]

    def __str__(self):
        return f"{self.name} {self.done}/{self.quantity}{self.measure}"


class PlanState(models.TextChoices):
    LISTED = "listed", "在列"
    ADDED = "added", "调入"
    REMOVED = "removed", "调出"
    ENDED = "ended", "终止"


STATES_IN_PLAN = frozenset({PlanState.LISTED, PlanState.ADDED})
# The rows that count and add up: in the plan, and not a sub-item whose parent row already counts.
COUNTED = Q(state__in=STATES_IN_PLAN, part_of__isnull=True)


def is_counted(state, part_of):
    """`COUNTED` for a row, or a record of one, that has been read: its state and the key of its parent row."""
    return state in STATES_IN_PLAN and part_of is None


class AnnualPlanQuerySet(CountyQuerySet):
    def of_year(self, year):
        return self.filter(year=year)

    def counted(self):
        return self.filter(COUNTED)

    def editable_by(self, user):
        return self.visible_to(user).filter(project__in=Project.objects.editable_by(user))

    def reportable_by(self, user):
        """The plans whose weekly report this user may fill in: those of the own unit, or all for the project office."""
        if has_right(user, Right.REVIEW_DISPATCH):
            return self.visible_to(user)
        if has_right(user, Right.REPORT_DISPATCH) and user.unit_id:
            return self.visible_to(user).filter(project__unit=user.unit_id)
        return self.none()

    def schedulable_by(self, user):
        """The plans whose schedule this user may edit."""
        if has_right(user, Right.EDIT_REGISTER):
            return self.visible_to(user)
        if has_right(user, Right.EDIT_OWN_SCHEDULE) and user.unit_id:
            return self.visible_to(user).filter(project__unit=user.unit_id)
        return self.none()

    def with_project(self):
        return self.select_related("project", "project__town", "project__unit", "leader")


class AnnualPlan(models.Model):
    """A project in a year (年度计划): one row of that year's plan table, and the carrier of the six ones."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="plans")
    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="plans")
    year = models.PositiveSmallIntegerField("年度", validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    seq = models.PositiveIntegerField("序号", null=True, blank=True)
    part_of = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="所属打包项目",
        related_name="parts",
        null=True,
        blank=True,
        help_text="子项随上级项目列示，不重复计数和计入合计",
    )
    planned_investment = money_field("年度计划投资", help_text="万元")
    invested_before = money_field("截至上年底完成投资", help_text="万元")
    annual_target = models.TextField("年度目标", max_length=5000, blank=True)
    leader = models.ForeignKey(
        Leader, models.PROTECT, verbose_name="包联领导", related_name="plans", null=True, blank=True
    )
    deputy_leader = models.ForeignKey(
        Leader, models.PROTECT, verbose_name="协助包联领导", related_name="deputy_plans", null=True, blank=True
    )
    # The latest published report, kept current in the transaction that publishes it (portfolio.actions.dispatch).
    progress = models.TextField("项目进展", max_length=5000, blank=True)
    ytd_investment = money_field("年度累计完成投资", help_text="万元，来自最近一次周调度")
    reported_week = models.PositiveSmallIntegerField("最近报送周次", null=True, blank=True)
    reported_on = models.DateField("最近报送日期", null=True, blank=True)
    works_percent = models.DecimalField(
        "工程量%",
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    state = models.CharField("计划状态", max_length=8, choices=PlanState, default=PlanState.LISTED)
    state_reason = models.CharField("调整原因", max_length=200, blank=True)
    remark = models.CharField("备注", max_length=500, blank=True)
    extra = models.JSONField(
        "原表其他列", default=dict, blank=True, help_text="导入时没有对应字段的列，按“表头：内容”原样保留"
    )
    row_version = models.PositiveIntegerField("行版本", default=1, editable=False)

    objects = AnnualPlanQuerySet.as_manager()
    history = tracked_history()

    class Meta:
        verbose_name = verbose_name_plural = "年度计划"
        ordering = ["county", "year", "seq", "pk"]
        indexes = [models.Index(fields=["county", "year", "seq"])]
        constraints = [
            models.UniqueConstraint(fields=["project", "year"], name="one_plan_per_project_and_year"),
            not_negative("plan_investment_not_negative", "planned_investment"),
            not_negative("plan_invested_before_not_negative", "invested_before"),
            models.CheckConstraint(
                condition=Q(works_percent__isnull=True) | Q(works_percent__range=(0, 100)),
                name="plan_works_percent_range",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[PlanState.LISTED]) | ~Q(state_reason=""), name="plan_state_has_reason"
            ),
        ]

    def __str__(self):
        return f"{self.year}年计划：{self.project}"

    def get_absolute_url(self):
        return f"{self.project.get_absolute_url()}?year={self.year}"
