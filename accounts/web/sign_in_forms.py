"""What people type to sign in: a phone or an e-mail address, and the code."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import emails, phones


class PhoneForm(forms.Form):
    receiver = forms.CharField(
        label=_("手机号"),
        max_length=40,
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": phones.BadPhone.message},
    )

    def clean_receiver(self) -> str:
        try:
            return phones.normal_for_codes(self.cleaned_data["receiver"])
        except phones.BadPhone as bad:
            raise forms.ValidationError(bad.message) from None


class EmailForm(forms.Form):
    receiver = forms.CharField(
        label=_("邮箱"),
        max_length=emails.LONGEST,
        widget=forms.TextInput({"type": "email", "inputmode": "email", "autocomplete": "email"}),
        error_messages={"required": emails.BadEmail.message},
    )

    def clean_receiver(self) -> str:
        try:
            return emails.normal(self.cleaned_data["receiver"])
        except emails.BadEmail as bad:
            raise forms.ValidationError(bad.message) from None


class NeverShownAgain(forms.TextInput):
    """A field that is empty again after an error: the next code is pasted, not edited."""

    def format_value(self, value: Any) -> str | None:
        return None


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("验证码"),
        help_text=_("6 位数字，5 分钟内有效。"),
        # More than six: people paste blanks along.
        max_length=20,
        widget=NeverShownAgain({"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code"}),
        error_messages={"required": _("请填写收到的 6 位验证码。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Screen readers and keyboards land where the next thing is to be done.
        self.fields["code"].widget.attrs["autofocus"] = True


BY = {"phone": PhoneForm, "email": EmailForm}
