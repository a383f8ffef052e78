"""A grown-up takes over themselves: one page makes the code, another one takes it."""

from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.hand_overs import DIGITS, CodeRefused, NotGrownUp, TooManyTries, make_code, may_be_handed_over
from accounts.patients import MOST_PATIENTS, NoSuchPatient, TooManyPatients, own_patient
from booking.operations.hand_over_patient import take_over_patient
from booking.web.me.private import account_of, private


class TakeOver(forms.Form):
    """The code, and the end of one's own document."""

    code = forms.CharField(
        label=gettext_lazy("代码"),
        max_length=40,
        help_text=gettext_lazy("8 位数字，在家人的页面上。"),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "class": "code"}),
        error_messages={"required": gettext_lazy("请填写 8 位代码。")},
    )
    last_four = forms.CharField(
        label=gettext_lazy("您的证件号码最后 4 位"),
        max_length=10,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "class": "code"}),
        error_messages={"required": gettext_lazy("请填写证件号码的最后 4 位。")},
    )

    def clean_code(self) -> str:
        digits = "".join(str(self.cleaned_data["code"]).split())
        if len(digits) != DIGITS:
            words = _("代码应为 %(wanted)d 位数字，您填了 %(length)d 位。")
            raise forms.ValidationError(words % {"wanted": DIGITS, "length": len(digits)})
        return digits

    def clean_last_four(self) -> str:
        end = "".join(str(self.cleaned_data["last_four"]).split())
        if len(end) != 4:
            raise forms.ValidationError(_("应为 4 位，您填了 %(length)d 位。") % {"length": len(end)})
        return end


@private("GET", "POST")
def hand_over(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Explain, and show a new code when asked for."""
    account_id, now, code = account_of(request), timezone.now(), ""
    try:
        patient = own_patient(account_id, patient_id)
        if not may_be_handed_over(patient, now=now):
            raise Http404
        if request.method == "POST":
            code = make_code(user_id=account_id, patient_id=patient_id, now=now)
    except (NoSuchPatient, NotGrownUp):
        raise Http404 from None
    context = {"patient_id": patient_id, "name": patient.name, "code": f"{code[:4]} {code[4:]}".strip()}
    return render(request, "booking/me/hand_over.html", context)


@private("GET", "POST")
def take_over(request: HttpRequest) -> HttpResponse:
    """Take the code, and move the person, with appointments and records, to this account."""
    form = TakeOver(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            patient_id = take_over_patient(account_id=account_of(request), now=timezone.now(), **form.cleaned_data)
            return HttpResponseRedirect(f"{reverse('family')}?taken={patient_id}")
        except CodeRefused:
            form.add_error(None, _("代码或证件号码不对，或者代码已经用过、过期。请核对，或请家人重新生成一个代码。"))
        except TooManyTries:
            form.add_error(None, _("试的次数太多了。请一小时后再试，或打电话。"))
        except TooManyPatients:
            form.add_error(
                None, _("您的名单已满 %(most)d 位。请先移除一位，再填同一个代码。") % {"most": MOST_PATIENTS}
            )
    return render(request, "booking/me/take_over.html", {"form": form})
