"""Phones kept from an imported table are masked outside the unit and the office."""

import pytest

from portfolio.privacy import mask_phones
from tests import factories


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("13812345678", "138****5678"),
        ("张工13812345678、李工15900001111", "张工138****5678、李工159****1111"),
        ("0355-7831234", "0355-****1234"),
        ("2405-140431-04-01-123456", "2405-140431-04-01-123456"),
        ("总投资 12345678901.50 万元", "总投资 12345678901.50 万元"),
        ("138123456789", "138123456789"),
        ("联系人 138 1234 5678，", "联系人 138****5678，"),
        ("138-1234-5678", "138****5678"),
        ("138－1234－5678、139 – 1234 – 5678", "138****5678、139****5678"),
        ("138-12345678", "138****5678"),
        ("１３８１２３４５６７８", "１３８****５６７８"),
        ("１３８　１２３４　５６７８", "１３８****５６７８"),
        ("+8613812345678、+86 138 1234 5678", "+86138****5678、+86 138****5678"),
        ("手机号138 1234 5678号码有误", "手机号138****5678号码有误"),
        ("（0355）7831234、０３５５－７８３１２３４", "（0355）****1234、０３５５－****１２３４"),
    ],
)
def test_only_phone_numbers_are_masked(text, masked):
    assert mask_phones(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "13812345678.50 元",
        "3.13812345678",
        "计划投资 150,000 万元，完成 1,381 2345 万元",
        "140-2024-0012",
        "晋国用（2024）第150-2024-0012号",
        "2024-138-1234-5678",
        "138-1234-5678-01",
        "140431 2024 0012",
        "91140431MA0K138XB4",
        "6222 0213 8123 4567 890",
        "2024-05-31 10:00",
        "沁重项提〔2024〕138号",
        "共 138 1234 项",
    ],
)
def test_amounts_codes_and_document_numbers_stay(text):
    assert mask_phones(text) == text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "own_unit", "shown"),
    [
        ("office", False, "13812345678"),
        ("reporter", True, "13812345678"),
        ("reporter", False, "138****5678"),
        ("leader", False, "138****5678"),
    ],
)
def test_phone_of_the_original_table_is_for_the_unit_and_the_office(client, role, own_unit, shown):
    unit = factories.unit("水利局")
    plan = factories.plan(project__unit=unit, extra={"联系电话": "13812345678"})
    client.force_login(factories.user(role, unit=unit if own_unit else factories.unit()))

    html = client.get(f"/projects/{plan.project_id}/?year=2024").content.decode()

    assert [number for number in ("13812345678", "138****5678") if number in html] == [shown]
