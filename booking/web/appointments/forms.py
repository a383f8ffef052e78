"""What is typed on the appointment pages: its shape, and how to say that it is wrong."""

import unicodedata

from django import forms
from django.utils.translation import gettext_lazy as _

from booking.web.appointments.words import REASONS


class CancelForm(forms.Form):
    """Why somebody cancels, if they want to say."""

    use_required_attribute = False
    reason = forms.ChoiceField(
        label=_("为什么取消？可以不填"), choices=REASONS, widget=forms.RadioSelect, required=False
    )


class LookUpForm(forms.Form):
    """A number and the end of a document, as people type them: with blanks, in full width, in small letters."""

    use_required_attribute = False
    reference = forms.CharField(
        label=_("预约号"),
        help_text=_("短信里的 12 位数字。"),
        max_length=40,
        error_messages={"required": _("请填写预约号。"), "max_length": _("预约号是 12 位数字，请核对。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
    )
    tail = forms.CharField(
        label=_("证件号码的最后 4 位"),
        help_text=_("接种人的证件。最后一位是 X 就填 X。"),
        max_length=20,
        error_messages={"required": _("请填写证件号码的最后 4 位。"), "max_length": _("只填最后 4 位。")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "tail"}
        ),
    )

    def clean_reference(self) -> str:
        digits = _plain(self.cleaned_data["reference"])
        if len(digits) != 12 or not digits.isascii() or not digits.isdigit():
            raise forms.ValidationError(_("预约号是 12 位数字，请核对。"))
        return digits

    def clean_tail(self) -> str:
        tail = _plain(self.cleaned_data["tail"])
        if len(tail) != 4 or not tail.isascii() or not tail.isalnum():
            raise forms.ValidationError(_("只填最后 4 位，数字或字母。"))
        return tail


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("-", "").upper()
