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
    Right.IMPORT_PLAN: frozenset({Role.OFFICE}),
    Right.SHARE_VIEWS: frozenset({Role.OFFICE}),
    Right.MANAGE_ACCOUNTS: frozenset({Role.SYSADMIN}),
    Right.READ_AUDIT: frozenset({Role.AUDITOR}),
}


def has_right(user, right):
    return user.is_authenticated and user.is_active and user.role in RIGHTS[right]
