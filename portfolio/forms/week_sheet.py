"""The upload of a filled-in week sheet."""

from django import forms

from accounts.forms import PlainForm
from portfolio.importing.safety import MAX_BYTES


class SheetForm(PlainForm):
    file = forms.FileField(
        label="填好的表格",
        allow_empty_file=True,
        help_text=".xlsx 或 .xls，不超过 10 MB",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                f"文件有 {file.size / 1024 / 1024:.1f} MB，超过 10 MB 的上限。请不要在表格里粘贴图片。"
            )
        return file
