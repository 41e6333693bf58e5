"""Every page that can be opened without naming an object: fits the window, stays silent, reads well."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.roles import Role
from tests import factories
from tests.browser.conftest import WIDTHS, axe_violations, overflow


def paths_without_arguments(patterns, prefix="/"):
    """Paths in the order of the URLconf; those with an argument are left out."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if "<" in path or "(" in path:
            continue
        if isinstance(pattern, URLResolver):
            yield from paths_without_arguments(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            yield path


def first_role_that_may_read(client, path):
    """The first account to which the path answers with a whole HTML page; None where it never does (a download)."""
    for role in Role:
        client.force_login(factories.user(role))
        response = client.get(path)
        assert (role, response.status_code) < (role, 500)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            return role
    return None


@pytest.fixture
def some_projects(county):
    """A demo county in 2024 with long texts and large figures, so that pages are as full as they get."""
    county.business_time = dt.datetime(2024, 5, 31, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    county.save()
    units, towns = [factories.unit() for _ in range(3)], [factories.town()]
    for number in range(12):
        project = factories.project(
            f"沁源县第{number}污水处理厂及配套管网提质增效改扩建工程项目",
            unit=units[number % 3],
            town=towns[0],
            total_investment="12345678.90",
            content="新建办公综合楼、污泥脱水间、变配电间、鼓风机房及配套管网。" * 6,
        )
        factories.plan(project, planned_investment="1234567.80", seq=number, progress="主体完工，正在安装设备。" * 4)


@pytest.mark.parametrize("path", list(paths_without_arguments(get_resolver().url_patterns)))
def test_page_fits_the_window_and_reads_well(path, client, some_projects, page_as):
    role = first_role_that_may_read(client, path)
    if role is None:
        return
    page = page_as(role)

    page.goto(path)

    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert (width, overflow(page)) == (width, 0)
        assert (width, axe_violations(page)) == (width, [])


def test_sign_in_page_fits_the_window_and_reads_well(county, visitor, shoot):
    visitor.goto("/accounts/login/")

    shoot(visitor, "sign-in")
    for width, height in WIDTHS.items():
        visitor.set_viewport_size({"width": width, "height": height})
        assert (width, overflow(visitor)) == (width, 0)
        assert (width, axe_violations(visitor)) == (width, [])
