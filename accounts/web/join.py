"""The page behind an invitation's link: choose a password, once."""

from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import invitations


class PasswordForm(SetPasswordForm):
    """A new password, twice."""

    new_password1 = forms.CharField(
        label=_("新密码"),
        strip=False,
        help_text=_("至少 10 个字符，不能只有数字，也不能是常见的密码。"),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    new_password2 = forms.CharField(
        label=_("再填一遍"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the account's name, take its new password."""
    now = timezone.now()
    try:
        user = invitations.find(secret, now=now)
        form = PasswordForm(user, request.POST or None)
        if request.method == "POST" and form.is_valid():
            user = invitations.use(secret, password=form.cleaned_data["new_password1"], now=now)
            return _page(request, "joined", person=user)
    except invitations.InvitationGone:
        return _page(request, "invitation_gone", status=410)
    return _page(request, "join", form=form, person=user)


def _page(request: HttpRequest, template: str, status: int = 200, **facts: Any) -> HttpResponse:
    return render(request, f"accounts/{template}.html", facts, status=status)
