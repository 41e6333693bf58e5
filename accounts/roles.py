"""Who may do what (权限表): the one table that pages, actions and docs/roles.md follow."""

from django.db import models


class Role(models.TextChoices):
    OFFICE = "office", "项目办"
    REPORTER = "reporter", "填报员"
    LEADER = "leader", "县领导"
    INSPECTOR = "inspector", "督查员"
    AUDITOR = "auditor", "审计员"
    SYSADMIN = "sysadmin", "系统管理员"


class Right(models.TextChoices):
    READ_PLAN = "read_plan", "查看计划表、项目和导出"
    EDIT_REGISTER = "edit_register", "新增、修改、批量修改项目和基础资料"
    EDIT_OWN_PROJECTS = "edit_own_projects", "修改本单位项目的现场情况"
    REPORT_DISPATCH = "report_dispatch", "填报本单位项目的周调度"
    REVIEW_DISPATCH = "review_dispatch", "审核、退回、代填周调度，锁定和重开周次"
    EDIT_OWN_SCHEDULE = "edit_own_schedule", "编制本单位项目的工期计划，填写节点完成情况"
    RAISE_PROBLEMS = "raise_problems", "登记问题"
    ANSWER_PROBLEMS = "answer_problems", "反馈本单位的问题，申请延期和销号"
    MANAGE_PROBLEMS = "manage_problems", "交办、核验、销号和修改问题"
    RECORD_VISITS = "record_visits", "记录包联领导走访（县领导记本人的）"
    JUDGE_PROJECTS = "judge_projects", "对项目进度自评（填报员限本单位，县领导限本人包联）"
    SET_RULES = "set_rules", "修改亮灯规则、排名权重和提醒规则"
    GET_NOTICES = "get_notices", "接收系统提醒"
    IMPORT_PLAN = "import_plan", "导入计划表、撤回导入"
    SHARE_VIEWS = "share_views", "把视图和表格布局共享给全县"
    MANAGE_ACCOUNTS = "manage_accounts", "管理账号"
    READ_AUDIT = "read_audit", "查看审计日志"


EVERYONE = frozenset(Role)
# Their unsafe requests are refused before any view, whatever rights a page may forget to ask for.
READ_ONLY_ROLES = frozenset({Role.AUDITOR})

RIGHTS = {
    Right.READ_PLAN: EVERYONE,
    Right.EDIT_REGISTER: frozenset({Role.OFFICE}),
    Right.EDIT_OWN_PROJECTS: frozenset({Role.REPORTER}),
    Right.REPORT_DISPATCH: frozenset({Role.REPORTER}),
    Right.REVIEW_DISPATCH: frozenset({Role.OFFICE}),
    Right.EDIT_OWN_SCHEDULE: frozenset({Role.REPORTER}),
    Right.RAISE_PROBLEMS: frozenset({Role.OFFICE, Role.REPORTER, Role.INSPECTOR}),
    Right.ANSWER_PROBLEMS: frozenset({Role.REPORTER}),
    Right.MANAGE_PROBLEMS: frozenset({Role.OFFICE}),
    Right.RECORD_VISITS: frozenset({Role.OFFICE, Role.LEADER}),
    Right.JUDGE_PROJECTS: frozenset({Role.OFFICE, Role.REPORTER, Role.LEADER}),
    Right.SET_RULES: frozenset({Role.OFFICE}),
    Right.GET_NOTICES: frozenset({Role.OFFICE, Role.REPORTER, Role.LEADER}),
    Right.IMPORT_PLAN: frozenset({Role.OFFICE}),
    Right.SHARE_VIEWS: frozenset({Role.OFFICE}),
    Right.MANAGE_ACCOUNTS: frozenset({Role.SYSADMIN}),
    Right.READ_AUDIT: frozenset({Role.AUDITOR}),
}


def has_right(user, right):
    return user.is_authenticated and user.is_active and user.role in RIGHTS[right]
