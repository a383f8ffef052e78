"""Text size and language, and the ways to everything that is the citizen's own."""

from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import TextSize
from accounts.preferences import keep_text_size, set_text_size_cookie
from accounts.sign_out import sign_out_everywhere as end_everything
from booking.web.me.private import account_of, private


class TextSizeForm(forms.Form):
    """One of three sizes."""

    text_size = forms.ChoiceField(
        label=_("字号"),
        choices=TextSize.choices,
        widget=forms.RadioSelect,
        help_text=_("存在您的账号里，换手机登录也一样。"),
        error_messages={"required": _("请选择一种字号。"), "invalid_choice": _("请选择一种字号。")},
    )


@private("GET", "POST")
def my_settings(request: HttpRequest) -> HttpResponse:
    """Choose the size; it holds for this browser at once, and for others from the next sign-in on."""
    form = TextSizeForm(
        request.POST if request.method == "POST" else None,
        initial={"text_size": request.COOKIES.get(settings.TEXT_SIZE_COOKIE, "standard")},
    )
    if request.method == "POST" and form.is_valid():
        size = form.cleaned_data["text_size"]
        keep_text_size(user_id=account_of(request), text_size=size)
        response = HttpResponseRedirect(f"{reverse('my_settings')}?saved")
        set_text_size_cookie(response, size)
        return response
    return render(request, "booking/me/settings.html", {"form": form, "saved": "saved" in request.GET})


@private("GET", "POST")
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Say what it does, and do it when confirmed."""
    if request.method == "POST":
        end_everything(account_of(request))
        logout(request)
        return HttpResponseRedirect(reverse("home"))
    return render(request, "booking/me/sign_out_everywhere.html")
