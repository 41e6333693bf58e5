"""Codes with a public rule: project code, credit code, industry. Where a rule is not public, nothing is checked."""

import re

from django.core.exceptions import ValidationError
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError as NumberError

from portfolio.industries import DIVISIONS, SECTIONS

PROJECT_CODE = re.compile(r"^(\d{2})(\d{2})-\d{6}-\d{2}-\d{2}-\d{6}$", re.ASCII)
INDUSTRY = re.compile(r"^([A-T])(\d{2})?(\d{0,2})$", re.ASCII)


def validate_project_code(value):
    """投资项目统一代码, both shapes: `2512-420984-04-01-395957` (YYMM, since late 2020) and `2020-141129-…` (the year).

    GB/T 40058 has a check digit whose algorithm is not public: it is not checked.
    """
    match = PROJECT_CODE.match(value)
    if not match:
        raise ValidationError(
            "项目代码“%(value)s”格式不对，应为 24 位，如 2405-140431-04-01-123456。", params={"value": value}
        )
    years, months = match.groups()
    is_year_and_month = 1 <= int(months) <= 12
    is_year = years == "20" and 16 <= int(months) <= 20
    if not (is_year_and_month or is_year):
        raise ValidationError(
            "项目代码“%(value)s”前四位不是合法的年月（如 2405）或年份（2016–2020），请核对。", params={"value": value}
        )


def validate_credit_code(value):
    """统一社会信用代码, GB 32100-2015, with its check digit."""
    try:
        uscc.validate(value)
    except NumberError as error:
        raise ValidationError(
            "统一社会信用代码“%(value)s”不对：应为 18 位且校验码相符，请核对营业执照。", params={"value": value}
        ) from error


def validate_industry(value):
    """A GB/T 4754-2017 code: a section letter, alone or followed by a division of that section and finer digits."""
    match = INDUSTRY.match(value)
    if not match or (match[2] and DIVISIONS.get(match[2], (None,))[0] != match[1]):
        raise ValidationError(
            "国标行业“%(value)s”不对：应为门类字母加大类、中类或小类数字，如 D44、D4416。", params={"value": value}
        )


def industry_name(value):
    """The name of the division, or of the section: D4416 → 电力、热力生产和供应业; "" for what is no code.

    A preview names a code before it is validated.
    """
    if len(value) >= 3:
        return DIVISIONS.get(value[1:3], ("", ""))[1]
    return SECTIONS.get(value[:1], "")
