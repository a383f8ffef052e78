"""What the tables of offices and of posts have in common: who, since when, and what can be done with the account."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.addresses import origin_of
from accounts.admin_steps import fresh_code_first
from accounts.masking import masked_phone
from accounts.models import SecondFactor, User
from sites import inviting
from sites.admin.invite import invited_page
from sites.admin.scoped import ScopedAdmin
from sites.admin.wording import sentence
from sites.models import Administrator, StaffMember
from sites.offices import OfficeRefused, may_manage
from sites.scope import scope_of

IDLE = timedelta(days=90)
MOST_AT_ONCE = 500


class IdleFilter(admin.SimpleListFilter):
    """Accounts that nobody has used for a season."""

    title = gettext_lazy("最近登录")
    parameter_name = "idle"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", _("超过 90 天没登录"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "1":
            return queryset
        used = Coalesce("user__last_login", "user__date_joined")
        return queryset.alias(used_at=used).filter(used_at__lt=timezone.now() - IDLE)


def work_accounts(request: HttpRequest) -> QuerySet[User]:
    """The accounts to which the caller may give one thing more: those with an office or a post in their part."""
    scope = scope_of(request.user)
    posts = StaffMember.objects.filter(scope.of_sites("site"), user=OuterRef("pk"))
    place = Q() if scope.everywhere else Q(district__in=scope.districts) | scope.of_sites("site")
    offices = Administrator.objects.filter(place, user=OuterRef("pk"))
    return User.objects.filter(Exists(posts) | Exists(offices) | (Q(is_staff=True) if scope.everywhere else Q()))


class WorkAccountsAdmin(ScopedAdmin):
    """Rows are added once and then only switched off and on; the operations write the audit trail."""

    is_audited = False
    change_form_template = "admin/sites/work_account.html"
    change_list_template = "admin/sites/work_accounts.html"
    list_select_related = ["user", "site__district"]
    search_fields = ["user__username__startswith", "user__first_name__startswith"]
    search_help_text = gettext_lazy("账号名或姓名的开头")
    actions = ["deactivate", "reactivate"]
    ordering = ["-pk"]

    def take(self, row: Any, **facts: Any) -> None:
        """Switch the row off; see sites.offices."""
        raise NotImplementedError

    def give(self, row: Any, **facts: Any) -> None:
        """Switch the row on again."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        device = SecondFactor.objects.filter(user=OuterRef("user"), confirmed=True)
        return super().get_queryset(request).annotate(has_second_factor=Exists(device))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name != "user":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        # Typed, not chosen: a list would be long, and a popup would show other people's accounts.
        return forms.ModelChoiceField(
            work_accounts(request),
            to_field_name="username",
            label=_("账号名"),
            widget=AdminTextInputWidget({"autocomplete": "off"}),
            help_text=_("已有工作账号的人。新来的人请用“邀请同事”。"),
            error_messages={"invalid_choice": _("没有这个工作账号。新来的人请用“邀请同事”。")},
        )

    @admin.display(description=gettext_lazy("姓名"), ordering="user__first_name")
    def name(self, row: Any) -> str:
        return row.user.first_name or "—"

    @admin.display(description=gettext_lazy("工作手机号"))
    def work_phone(self, row: Any) -> str:
        return masked_phone(str(row.user.work_phone)) if row.user.work_phone else "—"

    @admin.display(description=gettext_lazy("最近登录"), ordering="user__last_login")
    def last_sign_in(self, row: Any) -> Any:
        # In a row's own page Django shows what it gets as it is.
        return date_format(timezone.localtime(row.user.last_login), "DATETIME_FORMAT") if row.user.last_login else "—"

    @admin.display(description=gettext_lazy("两步验证"), boolean=True)
    def two_factor(self, row: Any) -> bool:
        return bool(row.has_second_factor)

    def get_urls(self) -> list[URLPattern]:
        start = f"{self.opts.app_label}_{self.opts.model_name}"
        acts = {"invite_again": self._invite_again, "revoke": self._revoke, "reset": self._reset}
        own = [
            path(
                f"<path:object_id>/{name.replace('_', '-')}/", self.admin_site.admin_view(self._row_view(name, act)),
                name=f"{start}_{name}",
            )
            for name, act in acts.items()
        ]  # fmt: skip
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        user: Any = request.user
        may = row is not None and self.has_change_permission(request) and may_manage(user, row.user)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "may_manage": may})

    def _row_view(self, name: str, act: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def view(request: HttpRequest, object_id: str) -> HttpResponse:
            if not self.has_change_permission(request):
                raise PermissionDenied
            row = self.get_object(request, object_id)
            if row is None:
                raise Http404
            # Taking an invitation back gives nobody anything.
            if name != "revoke" and (first := fresh_code_first(request)) is not None:
                return first
            context = {**self.admin_site.each_context(request), "opts": self.opts, "row": row, "act": name}
            if request.method != "POST":
                context["title"] = {"invite_again": _("重新邀请"), "revoke": _("撤回邀请")}.get(name, _("重设两步验证"))
                return TemplateResponse(request, "admin/sites/confirm_account.html", context)
            try:
                return act(request, row, {"by": request.user, "origin": origin_of(request), "now": timezone.now()})
            except OfficeRefused as refusal:
                messages.error(request, sentence(refusal))
                return self._back(row)

        return view

    def _invite_again(self, request: HttpRequest, row: Any, facts: dict[str, Any]) -> HttpResponse:
        if not row.user.work_phone:
            messages.error(request, _("这个账号没有工作手机号，没法发邀请。"))
            return self._back(row)
        return invited_page(self, request, row.user, inviting.invite_again(user=row.user, **facts))

    def _revoke(self, request: HttpRequest, row: Any, facts: dict[str, Any]) -> HttpResponse:
        if inviting.revoke_invitation(user=row.user, **facts):
            messages.success(request, _("邀请已撤回，链接不能用了。"))
        else:
            messages.info(request, _("没有还能用的邀请。"))
        return self._back(row)

    def _reset(self, request: HttpRequest, row: Any, facts: dict[str, Any]) -> HttpResponse:
        inviting.reset_second_factor(user=row.user, **facts)
        messages.success(request, _("已重设。下次登录时要重新设置两步验证。"))
        return self._back(row)

    def _back(self, row: Any) -> HttpResponse:
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        )

    @admin.action(description=gettext_lazy("停用（立即退出登录）"), permissions=["change"])
    def deactivate(self, request: HttpRequest, chosen: QuerySet[Any]) -> HttpResponse | None:
        return self._confirmed(request, chosen.filter(is_active=True), "deactivate", self.take)

    @admin.action(description=gettext_lazy("重新启用"), permissions=["change"])
    def reactivate(self, request: HttpRequest, chosen: QuerySet[Any]) -> HttpResponse | None:
        first = fresh_code_first(request, back=request.get_full_path())
        return first or self._confirmed(request, chosen.filter(is_active=False), "reactivate", self.give)

    def _confirmed(
        self, request: HttpRequest, chosen: QuerySet[Any], action: str, act: Callable[..., None]
    ) -> HttpResponse | None:
        rows = list(chosen.select_related("user", "site__district")[: MOST_AT_ONCE + 1])
        if not rows or len(rows) > MOST_AT_ONCE:
            none = _("选中的都已经是这样了。")
            messages.warning(
                request, none if not rows else _("一次最多 %(most)d 个，请先筛选。") % {"most": MOST_AT_ONCE}
            )
            return None
        if not request.POST.get("confirmed"):
            title = _("确认停用") if action == "deactivate" else _("确认重新启用")
            context = {"opts": self.opts, "title": title, "action": action, "rows": rows}
            page = {**self.admin_site.each_context(request), **context}
            return TemplateResponse(request, "admin/sites/confirm_accounts.html", page)
        self._act(request, rows, action, act)
        return None

    def _act(self, request: HttpRequest, rows: list[Any], action: str, act: Callable[..., None]) -> None:
        done, refused = 0, set()
        for row in rows:
            try:
                act(row, by=request.user, origin=origin_of(request), now=timezone.now())
                done += 1
            except OfficeRefused as refusal:
                refused.add(f"{row.user.username}：{sentence(refusal)}")
        if done and action == "deactivate":
            messages.success(request, ngettext("已停用 %(n)d 个。", "已停用 %(n)d 个。", done) % {"n": done})
        elif done:
            messages.success(request, ngettext("已重新启用 %(n)d 个。", "已重新启用 %(n)d 个。", done) % {"n": done})
        for words in sorted(refused):
            messages.error(request, words)
