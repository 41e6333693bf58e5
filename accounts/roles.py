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
    READY_OWN_PROJECTS = "ready_own_projects", "填写本单位项目的前期手续、要素、服务、资金和见效情况"
    RAISE_PROBLEMS = "raise_problems", "登记问题"
    ANSWER_PROBLEMS = "answer_problems", "反馈本单位的问题，申请延期和销号"
    MANAGE_PROBLEMS = "manage_problems", "交办、核验、销号和修改问题"
    RECORD_VISITS = "record_visits", "记录包联领导走访（县领导记本人的）"
    JUDGE_PROJECTS = "judge_projects", "对项目进度自评（填报员限本单位，县领导限本人包联）"
    SET_RULES = "set_rules", "修改亮灯规则、排名权重和提醒规则"
    CHECK_SITES = "check_sites", "按四看清单督导项目"
    RUN_MEETINGS = "run_meetings", "召开月落实会议，交办和办结事项"
    ANSWER_MATTERS = "answer_matters", "反馈本单位的交办事项和督办文书"
    ISSUE_LETTERS = "issue_letters", "制发提醒函、督办单和约谈通知"
    RUN_ROUNDS = "run_rounds", "组织季度观摩：路线、评委、评分标准、开启和关闭"
    SCORE_STOPS = "score_stops", "在所参加的观摩中评分"
    ISSUE_REPORTS = "issue_reports", "签发季报、月报"
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
    Right.READY_OWN_PROJECTS: frozenset({Role.REPORTER}),
    Right.RAISE_PROBLEMS: frozenset({Role.OFFICE, Role.REPORTER, Role.INSPECTOR}),
    Right.ANSWER_PROBLEMS: frozenset({Role.REPORTER}),
    Right.MANAGE_PROBLEMS: frozenset({Role.OFFICE}),
    Right.RECORD_VISITS: frozenset({Role.OFFICE, Role.LEADER}),
    Right.JUDGE_PROJECTS: frozenset({Role.OFFICE, Role.REPORTER, Role.LEADER}),
    Right.SET_RULES: frozenset({Role.OFFICE}),
    Right.CHECK_SITES: frozenset({Role.OFFICE, Role.INSPECTOR}),
    Right.RUN_MEETINGS: frozenset({Role.OFFICE}),
    Right.ANSWER_MATTERS: frozenset({Role.REPORTER}),
    Right.ISSUE_LETTERS: frozenset({Role.OFFICE}),
    Right.RUN_ROUNDS: frozenset({Role.OFFICE}),
    Right.SCORE_STOPS: frozenset({Role.OFFICE, Role.INSPECTOR, Role.LEADER}),
    Right.ISSUE_REPORTS: frozenset({Role.OFFICE}),
    Right.GET_NOTICES: frozenset({Role.OFFICE, Role.REPORTER, Role.LEADER, Role.INSPECTOR}),
    Right.IMPORT_PLAN: frozenset({Role.OFFICE}),
    Right.SHARE_VIEWS: frozenset({Role.OFFICE}),
    Right.MANAGE_ACCOUNTS: frozenset({Role.SYSADMIN}),
    Right.READ_AUDIT: frozenset({Role.AUDITOR}),
}


def has_right(user, right):
    return user.is_authenticated and user.is_active and user.role in RIGHTS[right]
