"""Why booking was locked, and what its holder says to that."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booking.operations.refusals import Refusal
from booking.operations.touts.appeal import LEAST_LETTERS, MOST_LETTERS
from booking.operations.touts.appeal import appeal as put_before_the_city
from booking.queries.touts import latest_lock
from booking.web.me.private import account_of, private
from booking.web.wording import sentence


class AppealForm(forms.Form):
    """A few words."""

    text = forms.CharField(
        label=_("说说情况"),
        min_length=LEAST_LETTERS,
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("例如：我是社区志愿者，帮楼里的老人约。不用写证件号。"),
        error_messages={
            "required": _("请写明情况，至少 4 个字。"),
            "min_length": _("请写明情况，至少 4 个字。"),
            "max_length": _("最多写 1000 个字。"),
        },
    )


@private("GET", "POST")
def appeal(request: HttpRequest) -> HttpResponse:
    """The reason as the city gave it, the appeal, and its answer."""
    lock = latest_lock(account_of(request))
    if lock is None:
        raise Http404
    form, trouble = AppealForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        try:
            put_before_the_city(account_id=account_of(request), text=form.cleaned_data["text"], now=timezone.now())
        except Refusal as refusal:
            trouble = sentence(refusal)
        else:
            return HttpResponseRedirect(f"{reverse('appeal')}?sent")
    context = {"lock": lock, "form": form, "trouble": trouble, "sent": "sent" in request.GET}
    return render(request, "booking/me/appeal.html", context)
