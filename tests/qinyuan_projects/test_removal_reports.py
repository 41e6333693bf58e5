"""Reports of the demo go with it, files and all; reports over a county's own figures stay."""

import pytest

from inspections.actions import reports
from inspections.models import IssuedReport
from portfolio.models import Leader
from qinyuan_projects.demo import removal
from tests import factories
from tests.inspections import report_factories as made

pytestmark = pytest.mark.django_db


def issued(**more):
    given = {"kind": "monthly", "year": 2024, "period": 5, "as_of": made.DAY, **more}
    return reports.issue(by=factories.user("office"), **given)


def test_a_demo_report_goes_with_its_files_and_its_leader(settings, django_capture_on_commit_callbacks):
    made.county()
    factories.plan()
    leader = factories.leader(is_demo=True)
    issued(kind="leader", leader=leader)

    with django_capture_on_commit_callbacks(execute=True):
        removed, _ = removal.remove()

    assert removed["份演示报告"] == 1
    assert not IssuedReport.objects.exists()
    assert not Leader.objects.exists()
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_a_report_of_the_countys_own_figures_stays():
    made.county()
    factories.plan()
    report = issued()
    IssuedReport.objects.filter(pk=report.pk).update(content={**report.content, "is_demo": False})

    removal.remove()

    assert IssuedReport.objects.count() == 1
