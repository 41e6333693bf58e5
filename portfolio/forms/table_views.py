"""The name under which a view or a layout is kept, and whether everybody may use it."""

from django import forms

from accounts.forms import PlainForm
from accounts.roles import Right, has_right


class NameForm(PlainForm):
    """`named=False`: a name is welcome, not required."""

    name = forms.CharField(label="名称", max_length=40)
    shared = forms.BooleanField(label="共享给全县", required=False)

    def __init__(self, *args, user, named=True, **options):
        super().__init__(*args, **options)
        self.fields["name"].required = named
        if not has_right(user, Right.SHARE_VIEWS):
            del self.fields["shared"]

    @property
    def is_shared(self):
        return self.cleaned_data.get("shared", False)
