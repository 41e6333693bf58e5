"""What the project office sends from the review queue: reports to accept, one to return, a week to reopen."""

from django import forms

from accounts.forms import PlainForm
from portfolio.sent import whole_number

MOST_REPORTS = 5000
COMMON_REASONS = (
    "形象进度与上周雷同，请写明本周实际完成的工程部位和数量。",
    "本周完成投资与形象进度不符，请核实后重报。",
    "累计完成投资低于上周，请核实；确需更正的，请说明原因。",
    "存在问题写得不具体，请写明卡在哪个环节、需要谁协调。",
    "照片与项目或时间不符，请重新上传现场照片。",
)


def versions_of(tokens):
    """{report pk: row version} of ticked boxes, `123-4` each; anything else is passed over."""
    versions = {}
    for token in tokens[:MOST_REPORTS]:
        numbers = [whole_number(part) for part in token.split("-")]
        if len(numbers) == 2 and None not in numbers:
            versions[numbers[0]] = numbers[1]
    return versions


class ReturnForm(PlainForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    common = forms.ChoiceField(
        label="常用原因", required=False, choices=[("", "从常用原因中选"), *((text, text) for text in COMMON_REASONS)]
    )
    reason = forms.CharField(
        label="退回原因", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}), strip=True
    )

    def clean(self):
        cleaned = super().clean()
        if "reason" in cleaned and not cleaned["reason"]:
            cleaned["reason"] = cleaned.get("common", "")
            if not cleaned["reason"]:
                self.add_error("reason", "请写明退回原因，或从常用原因中选一条；填报员要据此修改。")
        return cleaned


class ReopenForm(PlainForm):
    reason = forms.CharField(
        label="重开原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="如：水利局河道治理项目累计完成投资填错，需更正",
    )
