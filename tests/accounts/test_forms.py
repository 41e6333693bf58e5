"""What every form of the product says and looks like."""

from django import forms
from django.core.validators import MinValueValidator

from accounts.forms import PlainForm


class LeaveForm(PlainForm):
    name = forms.CharField(label="姓名")
    kind = forms.ChoiceField(label="类型", choices=[("a", "甲")])
    file = forms.FileField(label="附件")
    phone = forms.CharField(label="电话", error_messages={"required": "没有电话不能办理。"})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "本人姓名"


def test_an_empty_field_is_asked_for_by_its_name():
    form = LeaveForm({})

    assert form.errors == {
        "name": ["请填写“本人姓名”。"],
        "kind": ["请选择“类型”。"],
        "file": ["请选择“附件”。"],
        "phone": ["没有电话不能办理。"],
    }


class AppointmentForm(PlainForm):
    day = forms.DateField(label="日期")
    people = forms.IntegerField(label="人数")
    area = forms.DecimalField(label="面积")
    years = forms.IntegerField(label="年数", error_messages={"invalid": "年数写数字。"})


class ParcelForm(PlainForm):
    name = forms.CharField(label="地块", max_length=3)
    area = forms.IntegerField(label="面积", min_value=1)
    floors = forms.IntegerField(label="完成%", max_value=9)
    depth = forms.IntegerField(label="深度", validators=[MinValueValidator(0, "深度不写负数。")])


def test_what_is_out_of_bounds_is_refused_by_its_name():
    form = ParcelForm({"name": "东一二三", "area": "0", "floors": "10", "depth": "-1"})

    assert form.errors == {
        "name": ["“地块”有 4 字，超过 3 字，请缩短。"],
        "area": ["“面积”不能小于 1，请改正。"],
        "floors": ["“完成%”不能大于 9，请改正。"],
        "depth": ["深度不写负数。"],
    }


def test_what_fits_the_bounds_is_taken():
    form = ParcelForm({"name": "东一二", "area": "1", "floors": "9", "depth": "0"})

    assert form.is_valid()


def test_what_is_no_day_or_number_is_refused_by_its_name():
    form = AppointmentForm({"day": "昨天", "people": "十人", "area": "一亩", "years": "二"})

    assert form.errors == {
        "day": ["“日期”不是日期，请写成 2024-05-31 这样的年月日。"],
        "people": ["“人数”不是整数，请填写 7 这样的数。"],
        "area": ["“面积”不是数值，请填写 120.5 这样的数。"],
        "years": ["年数写数字。"],
    }
