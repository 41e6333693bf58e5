"""What a project needs to be built: permits (前期手续), factors (要素保障), one-stop services, and its funds."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import County, Unit
from accounts.scoping import CountyQuerySet
from portfolio.models.changes import tracked_history
from portfolio.models.register import Project, money_field, not_negative


class PermitPhase(models.TextChoices):
    """The four phases of approval (国办发〔2019〕11 号)."""

    PLANNING = "planning", "立项用地规划许可"
    DESIGN = "design", "工程建设许可"
    BUILDING = "building", "施工许可"
    ACCEPTANCE = "accept", "竣工验收"


class PermitKind(models.Model):
    """A permit that projects of this county may need (手续种类): data, in the order in which they are asked for."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="permit_kinds")
    seq = models.PositiveSmallIntegerField("顺序", default=0)
    code = models.SlugField("代号", max_length=20)
    name = models.CharField("手续", max_length=40)
    short_name = models.CharField("简称", max_length=10)
    phase = models.CharField("阶段", max_length=8, choices=PermitPhase)
    valid_months = models.PositiveSmallIntegerField(
        "有效期（月）", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    can_be_promised = models.BooleanField("可承诺办理", default=False, help_text="企业投资项目承诺制、容缺办理")
    is_active = models.BooleanField("在用", default=True)

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "手续种类"
        ordering = ["county", "seq", "pk"]
        constraints = [models.UniqueConstraint(fields=["county", "code"], name="permit_kind_once_per_county")]

    def __str__(self):
        return self.name


class PermitState(models.TextChoices):
    NOT_ASKED = "not_asked", "未办"
    ASKED = "asked", "在办"
    PROMISED = "promised", "承诺办理"
    GRANTED = "granted", "办结"
    NOT_NEEDED = "not_needed", "不涉及"


class OfProjectQuerySet(CountyQuerySet):
    """Rows that hang on a project: the project office writes all, a reporter those of the own unit's projects."""

    def editable_by(self, user):
        return self.filter(project__in=Project.objects.readied_by(user))


class Permit(models.Model):
    """Where a project stands with a permit. Without a row nobody has said anything yet (未填), which is not 未办."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="permits")
    kind = models.ForeignKey(PermitKind, models.PROTECT, verbose_name="手续", related_name="permits")
    state = models.CharField("状态", max_length=10, choices=PermitState, default=PermitState.NOT_ASKED)
    asked_on = models.DateField("受理日期", null=True, blank=True)
    due_on = models.DateField("应办结日期", null=True, blank=True)
    granted_on = models.DateField("办结日期", null=True, blank=True)
    number = models.CharField("文号", max_length=60, blank=True)
    office = models.CharField("审批单位", max_length=60, blank=True)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    file = models.FileField("批文", upload_to="permits/%Y/%m", blank=True)
    file_name = models.CharField("批文文件名", max_length=120, blank=True)
    row_version = models.PositiveIntegerField("行版本", default=1, editable=False)

    objects = OfProjectQuerySet.as_manager()
    history = tracked_history()

    class Meta:
        verbose_name = verbose_name_plural = "前期手续"
        ordering = ["project", "kind"]
        indexes = [models.Index(fields=["county", "valid_until"])]
        constraints = [
            models.UniqueConstraint(fields=["project", "kind"], name="one_permit_of_a_kind_per_project"),
            models.CheckConstraint(
                condition=Q(state=PermitState.GRANTED) | Q(granted_on__isnull=True), name="permit_granted_has_state"
            ),
            models.CheckConstraint(
                condition=Q(asked_on__isnull=True) | Q(granted_on__isnull=True) | Q(granted_on__gte=F("asked_on")),
                name="permit_granted_after_asked",
            ),
        ]

    def __str__(self):
        return f"{self.project} {self.kind}"


class Factor(models.TextChoices):
    """The factors that follow the project (要素跟着项目走)."""

    LAND = "land", "用地"
    ENERGY = "energy", "用能"
    ENVIRONMENT = "env", "环境容量"
    FUNDS = "funds", "资金"
    WATER = "water", "用水"
    LABOUR = "labour", "用工"


class FactorNeed(models.Model):
    """How much of a factor a project needs and has; `measure` is the unit of both (亩, 吨标煤, 万元, 人 …)."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="factor_needs")
    factor = models.CharField("要素", max_length=6, choices=Factor)
    detail = models.CharField("内容", max_length=60, blank=True, help_text="如 建设用地指标、氮氧化物排放量")
    measure = models.CharField("计量单位", max_length=12)
    needed = models.DecimalField("需要", max_digits=14, decimal_places=2, validators=[MinValueValidator(0)])
    secured = models.DecimalField(
        "已落实", max_digits=14, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="保障单位", null=True, blank=True, related_name="factor_needs"
    )
    due_on = models.DateField("应落实日期", null=True, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    row_version = models.PositiveIntegerField("行版本", default=1, editable=False)

    objects = OfProjectQuerySet.as_manager()
    history = tracked_history()

    class Meta:
        verbose_name = verbose_name_plural = "要素保障"
        ordering = ["project", "factor", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "factor", "detail"], name="factor_need_once_per_project"),
            not_negative("factor_needed_not_negative", "needed"),
            not_negative("factor_secured_not_negative", "secured"),
        ]

    def __str__(self):
        return f"{self.project} {self.get_factor_display()}"

    @property
    def gap(self):
        """What is still missing, in `measure`; never below 0."""
        return max(self.needed - self.secured, 0)


class ServicePhase(models.TextChoices):
    COMPANY = "company", "企业开办"
    BUILDING = "building", "建设"
    OPERATION = "operation", "投产"


class ServiceRequest(models.Model):
    """What a project asked of the one-stop service (一站式服务), and whether the answer came by the promised day."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="service_requests")
    phase = models.CharField("阶段", max_length=10, choices=ServicePhase)
    title = models.CharField("事项", max_length=120)
    asked_on = models.DateField("提出日期")
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name="承办单位", null=True, blank=True, related_name="service_requests"
    )
    taken_on = models.DateField("受理日期", null=True, blank=True)
    promised_on = models.DateField("承诺办结日期", null=True, blank=True)
    answered_on = models.DateField("办结日期", null=True, blank=True)
    answer = models.CharField("办理结果", max_length=500, blank=True)
    row_version = models.PositiveIntegerField("行版本", default=1, editable=False)

    objects = OfProjectQuerySet.as_manager()
    history = tracked_history()

    class Meta:
        verbose_name = verbose_name_plural = "一站式服务"
        ordering = ["-asked_on", "-pk"]
        indexes = [models.Index(fields=["county", "answered_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_on__isnull=True) | Q(taken_on__gte=F("asked_on")), name="service_taken_after_asked"
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True) | Q(answered_on__gte=F("asked_on")),
                name="service_answered_after_asked",
            ),
        ]

    def __str__(self):
        return f"{self.project} {self.title}"


class FundKind(models.TextChoices):
    CENTRAL = "central", "中央资金"
    PROVINCE = "province", "省级资金"
    CITY = "city", "市级资金"
    COUNTY = "county", "县级资金"
    BOND = "bond", "专项债"
    LOAN = "loan", "银行贷款"
    OWN = "own", "企业自筹"
    OTHER = "other", "其他"


class FundSource(models.Model):
    """A source of a project's money (资金构成), 万元 over the whole project."""

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="fund_sources")
    kind = models.CharField("来源", max_length=8, choices=FundKind)
    planned = money_field("计划资金", help_text="万元")
    note = models.CharField("说明", max_length=200, blank=True)
    row_version = models.PositiveIntegerField("行版本", default=1, editable=False)

    objects = OfProjectQuerySet.as_manager()
    history = tracked_history()

    class Meta:
        verbose_name = verbose_name_plural = "资金构成"
        ordering = ["project", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["project", "kind"], name="fund_source_once_per_project"),
            not_negative("fund_planned_not_negative", "planned"),
        ]

    def __str__(self):
        return f"{self.project} {self.get_kind_display()}"


class FundFlow(models.Model):
    """Money of a source that arrived (到位) or was paid (支付) on a day, 万元. A wrong one is deleted."""

    class Kind(models.TextChoices):
        ARRIVED = "arrived", "到位"
        PAID = "paid", "支付"

    county = models.ForeignKey(County, models.PROTECT, verbose_name="县", related_name="+")
    source = models.ForeignKey(FundSource, models.PROTECT, verbose_name="资金来源", related_name="flows")
    kind = models.CharField("性质", max_length=8, choices=Kind)
    day = models.DateField("日期")
    amount = models.DecimalField("金额", max_digits=14, decimal_places=2, validators=[MinValueValidator(0)])
    note = models.CharField("说明", max_length=200, blank=True)
    noted_at = models.DateTimeField("记录时间")
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="记录人", null=True, related_name="+"
    )

    objects = CountyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "资金到位和支付"
        ordering = ["source", "day", "pk"]

    def __str__(self):
        return f"{self.source} {self.day} {self.get_kind_display()} {self.amount}"
