"""The look that every form of the product shares.

`class UnitForm(StyledFormMixin, forms.ModelForm)` gives each widget its stylesheet class; the template shows a field
with `{% include "includes/_field.html" with field=form.name %}` and the form's own errors with
`{{ form.non_field_errors }}`. `PlainForm` is `StyledFormMixin` with `forms.Form`.
"""

from django import forms

UNSTYLED = (forms.CheckboxSelectMultiple, forms.RadioSelect, forms.HiddenInput)
CHOSEN = (forms.Select, forms.RadioSelect, forms.FileInput)


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
        """Names the field that was left empty; not earlier, as forms may label their fields after `__init__`."""
        for field in self.fields.values():
            if field.label and field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                verb = "选择" if isinstance(field.widget, CHOSEN) else "填写"
                field.error_messages["required"] = f"请{verb}“{field.label}”。"
        super().full_clean()


class PlainForm(StyledFormMixin, forms.Form):
    pass
