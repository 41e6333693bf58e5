"""The look that every form of the product shares.

`class UnitForm(StyledFormMixin, forms.ModelForm)` gives each widget its stylesheet class; the template shows a field
with `{% include "includes/_field.html" with field=form.name %}` and the form's own errors with
`{{ form.non_field_errors }}`. `PlainForm` is `StyledFormMixin` with `forms.Form`.
"""

from django import forms

UNSTYLED = (forms.CheckboxSelectMultiple, forms.RadioSelect, forms.HiddenInput)
CHOSEN = (forms.Select, forms.RadioSelect, forms.FileInput)
# Which kind of field refuses what was typed in which words, where the field has none of its own.
UNREADABLE = {
    forms.DateField: "“{label}”不是日期，请写成 2024-05-31 这样的年月日。",
    forms.IntegerField: "“{label}”不是整数，请填写 7 这样的数。",
    forms.DecimalField: "“{label}”不是数值，请填写 120.5 这样的数。",
}
# The same for what a validator of Django's own refuses, by its code.
OUT_OF_BOUNDS = {
    "max_length": "“{label}”有 %(show_value)s 字，超过 %(limit_value)s 字，请缩短。",
    "min_value": "“{label}”不能小于 %(limit_value)s，请改正。",
    "max_value": "“{label}”不能大于 %(limit_value)s，请改正。",
}


def widget_class(widget):
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


class StyledFormMixin:
    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, UNSTYLED):
                own = field.widget.attrs.get("class", "")
                field.widget.attrs["class"] = f"{widget_class(field.widget)} {own}".strip()

    def full_clean(self):
        """Names the field that is refused; not earlier, as forms may label their fields after `__init__`."""
        for field in self.fields.values():
            if field.label:
                _name_when_empty(field)
                _name_when_unreadable(field)
                _name_when_out_of_bounds(field)
        super().full_clean()


def _name_when_empty(field):
    if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
        verb = "选择" if isinstance(field.widget, CHOSEN) else "填写"
        field.error_messages["required"] = f"请{verb}“{field.label}”。"


def _name_when_unreadable(field):
    for kind, words in UNREADABLE.items():
        if isinstance(field, kind) and field.error_messages["invalid"] == kind.default_error_messages["invalid"]:
            field.error_messages["invalid"] = words.format(label=field.label)


def _name_when_out_of_bounds(field):
    for validator in field.validators:
        code = getattr(validator, "code", None)
        if code in OUT_OF_BOUNDS and validator.message == type(validator).message:
            label = str(field.label).replace("%", "%%")  # the numbers are filled in by Django's %-formatting
            field.error_messages.setdefault(code, OUT_OF_BOUNDS[code].format(label=label))


class PlainForm(StyledFormMixin, forms.Form):
    pass
