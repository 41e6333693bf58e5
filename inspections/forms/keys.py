"""What a button sends that asks for nothing more."""

import uuid

from django import forms

from accounts.forms import PlainForm


class KeysForm(PlainForm):
    """`version` is that of the row as its page was opened; `form_key` makes a second submit harmless."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    form_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, row=None):
        super().__init__(data, initial={"version": row.row_version, "form_key": uuid.uuid4()} if row else None)
