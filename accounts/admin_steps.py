"""The pages between the password and the admin, and before what matters most: the second factor, or its code."""

import io
from collections.abc import Callable
from typing import Any

import django_otp
import segno
from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_otp.plugins.otp_static.models import StaticDevice

from accounts import admin_sessions, second_factors
from accounts.audited import note
from accounts.models import User
from accounts.web.session import is_ours
from accounts.web.sign_in_forms import NeverShownAgain


class CodeForm(forms.Form):
    """One code, never filled in again."""

    code = forms.CharField(
        label=gettext_lazy("验证码"),
        max_length=40,
        widget=NeverShownAgain({"autocomplete": "one-time-code", "autofocus": True, "class": "one-code"}),
        error_messages={"required": gettext_lazy("请填写验证码。")},
    )

    def accepted(self, user: User) -> Any:
        """The device that the code came from; None, and an error at the field, if it is not right."""
        if not self.is_valid():
            return None
        try:
            return second_factors.check(user, self.cleaned_data["code"])
        except second_factors.CodeRefused:
            self.add_error("code", _("验证码不对，或已经用过。请等下一个再填。"))
        except second_factors.MustWait as must:
            self.add_error("code", must_wait(must.wait))
        return None


def must_wait(seconds: int) -> str:
    """That wrong codes were entered too often."""
    words = ngettext("错得太多，请等 %(n)d 秒再填。", "错得太多，请等 %(n)d 秒再填。", seconds)
    return words % {"n": seconds}


def code(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Enter the code of the app, or a recovery code."""
    user, device = _user(request), second_factors.device_of(_user(request))
    if user.is_verified():  # type: ignore[attr-defined]
        return HttpResponseRedirect(_next(request))
    if device is None:
        return HttpResponseRedirect(reverse("admin:two_factor_enrol"))
    return _asked(site, request, "code", _("两步验证"), _verified)


def again(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Enter a fresh code in the middle of a session, before offices and files."""
    return _asked(site, request, "again", _("确认是您本人"), _proved)


def fresh_code_first(request: HttpRequest, *, back: str = "") -> HttpResponse | None:
    """Where to go before this request is carried out: to enter a fresh code; None if one was entered just now.

    Afterwards the same address is opened; `back` instead where somebody only pressed a button, which is pressed again.
    """
    is_form = request.method == "POST" and not back
    if admin_sessions.is_fresh(request.session, now=timezone.now(), filled_in=is_form):
        return None
    if request.method == "POST":
        messages.warning(request, _("刚才那一步还没有做。填好验证码后，请再做一次。"))
    where = back or (request.path if is_form else request.get_full_path())
    return HttpResponseRedirect(f"{reverse('admin:two_factor_again')}?{urlencode({'next': where})}")


def enrol(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Set up the app on the phone; the first time, or after the second factor was taken away."""
    user = _user(request)
    if second_factors.device_of(user) is not None:
        return HttpResponseRedirect(reverse("admin:two_factor"))
    device = second_factors.device_to_confirm(user)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            confirmed, codes = second_factors.confirm(user, form.cleaned_data["code"])
        except second_factors.CodeRefused:
            form.add_error("code", _("验证码不对。请核对手机的时间是否准确，再填现在显示的 6 位数字。"))
        except second_factors.MustWait as must:
            form.add_error("code", must_wait(must.wait))
        else:
            _verified(request, confirmed)
            _record(request, "enrol")
            return _page(site, request, "recovery_codes", _("恢复码"), codes=codes, next=reverse("admin:index"))
    facts = {
        "form": form,
        "secret": second_factors.secret_in_groups(device),
        "qr": _qr(device.config_url),
        "shown_code": second_factors.demonstration_code(device),
    }
    return _page(site, request, "enrol", _("设置两步验证"), **facts)


def own(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """New recovery codes, or another phone; after a fresh code."""
    user = _user(request)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.accepted(user) is not None:
        if request.POST.get("act") == "device":
            second_factors.forget(user)
            _record(request, "reset")
            return HttpResponseRedirect(reverse("admin:two_factor_enrol"))
        codes = second_factors.new_recovery_codes(user)
        _record(request, "codes")
        return _page(site, request, "recovery_codes", _("恢复码"), codes=codes, next=reverse("admin:index"))
    facts = {
        "form": form,
        "left": second_factors.recovery_codes_left(user),
        "shown_code": second_factors.demonstration_code(second_factors.device_of(user)),
    }
    return _page(site, request, "own", _("两步验证"), **facts)


def _user(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)
    return user


def _asked(
    site: AdminSite, request: HttpRequest, template: str, title: str, accept: Callable[[HttpRequest, Any], None]
) -> HttpResponse:
    user, form = _user(request), CodeForm(request.POST or None)
    if request.method == "POST" and (used := form.accepted(user)) is not None:
        accept(request, used)
        if isinstance(used, StaticDevice):
            _say_how_many_are_left(request, user)
        return HttpResponseRedirect(_next(request))
    shown = second_factors.demonstration_code(second_factors.device_of(user))
    return _page(site, request, template, title, form=form, shown_code=shown, next=_next(request))


def _proved(request: HttpRequest, _device: Any) -> None:
    admin_sessions.proved(request.session, now=timezone.now())


def _verified(request: HttpRequest, device: Any) -> None:
    django_otp.login(request, device)
    _proved(request, device)
    # Whoever knew the session's key from before the second step does not know it any more.
    request.session.cycle_key()


def _say_how_many_are_left(request: HttpRequest, user: User) -> None:
    left = second_factors.recovery_codes_left(user)
    words = ngettext("还剩 %(n)d 个恢复码。", "还剩 %(n)d 个恢复码。", left) % {"n": left}
    messages.warning(request, words + " " + _("手机丢了或换了，请到“两步验证”里重新设置。"))


def _record(request: HttpRequest, action: str) -> None:
    user = _user(request)
    note(request, action, user, user.get_username())


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if is_ours(request, wanted) else reverse("admin:index")


def _qr(text: str) -> SafeString:
    made = io.BytesIO()
    segno.make(text, error="m").save(made, kind="svg", scale=5, border=4, xmldecl=False, svgns=True, omitsize=False)
    # It is our own drawing of squares; the text is not in it.
    return mark_safe(made.getvalue().decode())


def _page(site: AdminSite, request: HttpRequest, template: str, title: str, **facts: Any) -> HttpResponse:
    context = {**site.each_context(request), "title": title, **facts}
    return TemplateResponse(request, f"admin/two_factor/{template}.html", context)
