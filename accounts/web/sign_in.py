"""Signing in with a code, on one page: first the phone or e-mail address, then the code."""

from typing import Any

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import codes, devices
from accounts.addresses import address_of
from accounts.channels import NotSent
from accounts.identity import oidc
from accounts.masking import masked_receiver
from accounts.sign_in import MayNotEnter, send_code, user_by_code
from accounts.web.session import begin, device_of, keep_device, language_of, next_of
from accounts.web.sign_in_forms import BY, CodeForm
from accounts.wording import code_wrong

# From here on people are told whom to call.
_FEW_TRIES_LEFT = 3


@never_cache
@sensitive_post_parameters("receiver", "code")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a phone or e-mail address, send a code, take the code."""
    if request.method == "GET":
        if request.user.is_authenticated:
            return HttpResponseRedirect(next_of(request))
        return _page(request, BY[_by(request)]())
    form = BY[_by(request)](request.POST)
    if not form.is_valid():
        return _page(request, form)
    if request.POST.get("act") == "enter":
        return _enter(request, form)
    return _send(request, form)


def _by(request: HttpRequest) -> str:
    by = request.POST.get("by") or request.GET.get("by") or ""
    return "email" if by == "email" and _email_is_on() else "phone"


def _email_is_on() -> bool:
    return bool(settings.EMAIL_HOST or settings.DEMONSTRATION)


def _send(request: HttpRequest, form: Form) -> HttpResponse:
    receiver, cookie = form.cleaned_data["receiver"], ""
    device = device_of(request)
    if device is None:
        cookie = devices.new_cookie()
        device = f"web:{cookie}"
    try:
        code = send_code(receiver, device=device, address=address_of(request), language=language_of(request))
    except codes.TooManySends as too_many:
        words = _wait(too_many.wait)
        if codes.is_waiting(receiver, device=device):
            return _code_page(request, receiver, CodeForm(), notice=words, wait=too_many.wait)
        form.add_error("receiver", words)
    except codes.CodesDown:
        form.add_error("receiver", _("现在不能发验证码，请过几秒再试。"))
    except NotSent:
        form.add_error("receiver", _("验证码没有发出去，请再试一次，或换一种方式登录。"))
    else:
        response = _code_page(request, receiver, CodeForm(), code=code, wait=codes.BETWEEN_SENDS_SECONDS)
        if cookie:
            keep_device(response, cookie)
        return response
    return _page(request, form)


def _enter(request: HttpRequest, form: Form) -> HttpResponse:
    receiver, device = form.cleaned_data["receiver"], device_of(request) or "web:none"
    code_form = CodeForm(request.POST)
    if not code_form.is_valid():
        return _code_page(request, receiver, code_form)
    code, now = code_form.cleaned_data["code"], timezone.now()
    try:
        user = user_by_code(receiver, code, device=device, language=language_of(request), now=now)
    except codes.CodeWrong as wrong:
        code_form.add_error("code", code_wrong(wrong.tries_left))
        return _code_page(request, receiver, code_form, is_hard=wrong.tries_left <= _FEW_TRIES_LEFT)
    except codes.CodesDown:
        code_form.add_error("code", _("现在不能核对验证码，请过几秒再试。"))
        return _code_page(request, receiver, code_form)
    except MayNotEnter:
        return may_not_enter(request)
    return begin(request, user, go_on=next_of(request))


def _wait(seconds: int) -> str:
    if seconds > codes.BETWEEN_SENDS_SECONDS:
        return _("今天发的验证码太多了。请过一会儿再试，或换一种方式登录。")
    return _("刚刚发过验证码，请等 %(seconds)d 秒再要一次。") % {"seconds": seconds}


def _page(request: HttpRequest, form: Form) -> HttpResponse:
    by = _by(request)
    context = {"form": form, "by": by, "other": "phone" if by == "email" else "email", "next": next_of(request)}
    context["has_other"] = _email_is_on()
    context["provider"] = (settings.OIDC["name"] or _("统一身份认证")) if oidc.is_on() else ""
    return render(request, "accounts/sign_in.html", context)


def _code_page(request: HttpRequest, receiver: str, form: CodeForm, **more: Any) -> HttpResponse:
    context = {"form": form, "by": _by(request), "receiver": receiver, "next": next_of(request), **more}
    context["masked"] = masked_receiver(receiver)
    return render(request, "accounts/sign_in_code.html", context)


def may_not_enter(request: HttpRequest) -> HttpResponse:
    """The page for an account that cannot be used this way."""
    return render(request, "accounts/may_not_enter.html", status=403)
