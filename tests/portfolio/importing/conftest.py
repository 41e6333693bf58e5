import pytest

from portfolio.importing import service
from tests import factories


@pytest.fixture
def towns(county):
    return [
        factories.town("沁河镇", "140431100", aliases=["李元镇"]),
        factories.town("王陶镇", "140431105"),
        factories.town("郭道镇", "140431101"),
    ]


@pytest.fixture
def imported(county, office, towns):
    """Receive and read one file: `imported(content, file_name=…, year=…, **options)` → batch."""

    def read(content, *, file_name="计划表.xlsx", year=2024, **options):
        options.setdefault("keep_unknown", True)
        batch = service.receive(content, file_name=file_name, county=county, year=year, by=office, options=options)
        return service.read(batch) if batch.state == "reading" else batch

    return read


@pytest.fixture
def applied(imported, office):
    """The same, and applied."""

    def apply(content, **options):
        batch = imported(content, **options)
        assert batch.report.get("errors") == [], batch.report.get("errors") or batch.report.get("refused")
        assert batch.report["questions"] == []
        service.apply(batch, by=office)
        return batch

    return apply
