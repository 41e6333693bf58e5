"""The fields of the project form: what officials type, what is stored, what is refused in which words."""

from decimal import Decimal

import pytest
from django import forms

from portfolio.forms.projects import SECTIONS, FigureField, PartialDateField, PlainTextField, ProjectForm, form_field
from portfolio.models import AnnualPlan, Project
from portfolio.plan_fields import FIELDS
from tests import factories


def refused(field, text):
    with pytest.raises(forms.ValidationError) as error:
        field.clean(text)
    return error.value.messages


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("12000", "12000.00"),
        ("1,2000.5", "12000.50"),
        ("１２０００．５", "12000.50"),
        (" 12 000 ", "12000.00"),
        ("0.005", "0.01"),
        ("0.0049", "0.00"),
        ("1e3", "1000.00"),
        ("1e-999999999", "0.00"),
        ("-0.001", "0.00"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_a_figure_is_read_exactly_and_rounded_half_up(text, stored):
    assert str(FigureField(label="总投资", required=False).clean(text)) == stored


@pytest.mark.parametrize("text", ["", "  ", None])
def test_no_figure_is_none_and_not_zero(text):
    assert FigureField(label="总投资", required=False).clean(text) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("一百二十", "“总投资”不是数字：一百二十。请改为 120 或 120.50 这样的数值。"),
        ("NaN", "“总投资”不是数字：NaN。请改为 120 或 120.50 这样的数值。"),
        ("1000000000000", "“总投资”超过 12 位整数，请核对单位。"),
        ("Infinity", "“总投资”超过 12 位整数，请核对单位。"),
        ("1e999999999", "“总投资”超过 12 位整数，请核对单位。"),
        ("9" * 100_000, "“总投资”超过 12 位整数，请核对单位。"),
    ],
)
def test_what_is_no_figure_is_refused(text, message):
    assert refused(FigureField(label="总投资"), text) == [message]


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "message"), [("-1", "不能小于 0。"), ("100.01", "不能大于 100。")])
def test_a_percentage_out_of_range_is_refused_by_its_name(office, text, message):
    plan = AnnualPlan(county=office.county)

    assert refused(form_field("works_percent", office.county, plan), text) == [f"“工程量%”{message}"]


def test_a_figure_is_shown_without_empty_cents():
    field = FigureField(label="总投资")

    assert [field.prepare_value(Decimal(value)) for value in ("12000.00", "12000.50", "0")] == [
        "12000",
        Decimal("12000.50"),
        "0",
    ]


def test_a_date_shows_what_was_written_and_can_be_read_again():
    field = PartialDateField(required=False)

    for text in ("2024-05-31", "2024-05", "2024年二季度", "2024年"):
        assert field.prepare_value(field.clean(text)) == text


def test_long_text_keeps_the_line_ends_it_is_stored_with():
    assert PlainTextField().clean("一\r\n二\r三\n四") == "一\n二\n三\n四"


def test_every_writable_column_has_its_place_in_the_form():
    in_form = [key for _, keys in SECTIONS for key in keys]
    columns = {field.key for field in FIELDS if field.is_writable} - {"state", "state_reason"}

    assert columns - set(in_form) == set()
    assert len(in_form) == len(set(in_form))


@pytest.mark.django_db
def test_every_label_is_that_of_its_column(office):
    form = ProjectForm(user=office, project=Project(county=office.county), plan=AnnualPlan(county=office.county))

    assert {key: form.fields[key].label for key in form.keys if key in {field.key for field in FIELDS}} == {
        field.key: field.label for field in FIELDS if field.key in form.keys
    }


@pytest.mark.django_db
def test_a_unit_out_of_use_stays_choosable_where_it_is_chosen(office):
    gone, other_gone = factories.unit(is_active=False), factories.unit(is_active=False)
    used = factories.unit()
    project = factories.project(unit=gone)

    form = ProjectForm(user=office, project=project, plan=None)

    assert set(form.fields["unit"].queryset) == {gone, used}
    assert other_gone not in form.fields["unit"].queryset


@pytest.mark.django_db
def test_without_a_plan_the_form_has_the_projects_own_fields_only(office):
    form = ProjectForm(user=office, project=factories.project(), plan=None)

    assert "planned_investment" not in form.fields
    assert "total_investment" in form.fields
