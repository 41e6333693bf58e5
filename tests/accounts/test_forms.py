"""What every form of the product says and looks like."""

from django import forms

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
