"""The admin behind two factors: a password, then a code, then everything else; and sessions that end soon."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from accounts import admin_sessions, tries
from accounts.addresses import address_of
from accounts.encryption import blind_index

QUARTER_OF_AN_HOUR = 900
TRIES_PER_NAME_AND_ADDRESS = 10
# Nobody can lock somebody out by guessing from one place; only guessing from many does.
TRIES_PER_NAME = 60
TRIES_PER_ADDRESS = 60


class PasswordForm(AdminAuthenticationForm):
    """Name and password. Tries are counted before anything is compared; every failure gets the same answer."""

    def clean(self) -> dict[str, Any]:
        assert self.request is not None
        name, address = str(self.cleaned_data.get("username", "")).strip().lower(), address_of(self.request)
        limits = {
            _key("both", f"{name}\x00{address}"): TRIES_PER_NAME_AND_ADDRESS,
            _key("name", name): TRIES_PER_NAME,
            _key("address", address): TRIES_PER_ADDRESS,
        }
        try:
            # All of them every time, whichever is reached first.
            too_many = [tries.counted(key, seconds=QUARTER_OF_AN_HOUR) > most for key, most in limits.items()]
        except tries.CannotCount:
            raise forms.ValidationError(_("现在不能核对密码，请过几秒再试。")) from None
        if any(too_many):
            raise forms.ValidationError(_("试的次数太多了，请过 15 分钟再试。忘了密码，请让另一位管理员重新邀请您。"))
        found = super().clean()
        # Whoever knows the password was not guessing. The address goes on being counted.
        for key in list(limits)[:2]:
            tries.forget(key)
        return found


def _key(what: str, whose: str) -> str:
    return f"password:{what}:{blind_index('password', whose).hex}"


class GuardedAdminSite(AdminSite):
    """Lets in whoever may enter the admin and has shown the second factor in this session, and not long ago."""

    site_title = site_header = gettext_lazy("疫苗预约管理")
    index_title = gettext_lazy("管理首页")
    # Labels of the apps that are daily work, in this order; libraries' own tables come after them.
    first_apps = ("booking", "sites", "accounts")
    login_form = PasswordForm

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pages: list[tuple[str, Callable[..., HttpResponse], str]] = []

    def add_page(self, address: str, view: Callable[..., HttpResponse], name: str) -> None:
        """A page of its own, beside those of tables: behind both factors, below /admin/."""
        self._pages.append((address, view, name))

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the caller may see the admin's pages now."""
        return self.has_password(request) and bool(request.user.is_verified())  # type: ignore[union-attr]

    def has_password(self, request: HttpRequest) -> bool:
        """Whether the caller gave an administrator's password in this session, and not too long ago."""
        user: Any = request.user
        return bool(
            user.is_active and user.is_staff and not admin_sessions.is_over(request.session, now=timezone.now())
        )

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        guarded = super().admin_view(view, cacheable)

        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if (stopped := self._stopped(request)) is not None:
                return stopped
            admin_sessions.seen(request.session, now=timezone.now())
            return guarded(request, *args, **kwargs)

        return entered

    def _stopped(self, request: HttpRequest) -> HttpResponse | None:
        """Where somebody has to go first; None for whoever may enter, and for strangers, whom Django sends away."""
        user: Any = request.user
        if not (user.is_active and user.is_staff) or self.has_permission(request):
            return None
        if self.has_password(request):
            return HttpResponseRedirect(f"{reverse('admin:two_factor')}?{urlencode({'next': request.get_full_path()})}")
        logout(request)
        messages.warning(request, _("为了安全，您已退出。请重新登录。"))
        return HttpResponseRedirect(f"{reverse('admin:login')}?{urlencode({'next': request.get_full_path()})}")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Our own areas first; what libraries bring comes last, and for superusers only."""
        found = super().get_app_list(request, app_label)
        if not request.user.is_superuser:  # type: ignore[union-attr]
            found = [app for app in found if app["app_label"] in self.first_apps]
        return sorted(found, key=self._order_of)

    def _order_of(self, app: dict[str, Any]) -> int:
        label = app["app_label"]
        return self.first_apps.index(label) if label in self.first_apps else len(self.first_apps)

    def get_urls(self) -> list[Any]:
        # The pages need the tables, which are not there yet when this file is read.
        from accounts import admin_steps

        def step(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
            def shown(request: HttpRequest) -> HttpResponse:
                if not self.has_password(request):
                    return HttpResponseRedirect(reverse("admin:login"))
                return view(self, request)

            return never_cache(csrf_protect(shown))

        def within(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
            return self.admin_view(lambda request: view(self, request))  # type: ignore[no-any-return]

        return [
            # Somebody who does not get past the second step can still leave.
            path("logout/", never_cache(self.logout), name="logout"),
            path("two-factor/", step(admin_steps.code), name="two_factor"),
            path("two-factor/enrol/", step(admin_steps.enrol), name="two_factor_enrol"),
            path("two-factor/own/", within(admin_steps.own), name="two_factor_own"),
            path("two-factor/again/", within(admin_steps.again), name="two_factor_again"),
            *(path(address, self.admin_view(view), name=name) for address, view, name in self._pages),
            *super().get_urls(),
        ]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.method == "GET" and self.has_password(request):
            return HttpResponseRedirect(reverse("admin:index"))
        response = super().login(request, extra_context)
        if request.method == "POST" and response.status_code == 302:
            admin_sessions.begin(request.session, now=timezone.now())
        return response

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        from accounts.audited import note
        from accounts.models import User

        response = super().password_change(request, extra_context)
        if request.method == "POST" and response.status_code == 302:
            user = request.user
            assert isinstance(user, User)
            note(request, "password", user, user.get_username())
        return response
