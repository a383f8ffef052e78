"""The audit trail in the admin: to look at and to search; files of it need a second person."""

from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit_exports, second_factors
from accounts.addresses import origin_of
from accounts.admin_base import ReadOnlyAdmin
from accounts.admin_steps import CodeForm
from accounts.audit import HIDDEN
from accounts.models import AuditEntry, User
from accounts.spreadsheets import csv_lines

ACTIONS = {
    "add": gettext_lazy("新增"),
    "change": gettext_lazy("修改"),
    "delete": gettext_lazy("删除"),
    "give": gettext_lazy("授权"),
    "take": gettext_lazy("停用"),
    "invite": gettext_lazy("邀请"),
    "revoke": gettext_lazy("撤回邀请"),
    "remind": gettext_lazy("提醒"),
    "reset": gettext_lazy("重设两步验证"),
    "enrol": gettext_lazy("设置两步验证"),
    "codes": gettext_lazy("换恢复码"),
    "password": gettext_lazy("改密码"),
    "preview": gettext_lazy("预览"),
    "apply": gettext_lazy("执行"),
    "stop": gettext_lazy("停下"),
    "undo": gettext_lazy("撤销"),
    "close": gettext_lazy("停诊"),
    "reopen": gettext_lazy("恢复开诊"),
    "lift_bar": gettext_lazy("放行限制"),
    "correct": gettext_lazy("更正"),
    "enter": gettext_lazy("录入"),
    "void": gettext_lazy("作废"),
    "close_day": gettext_lazy("日结"),
    "reopen_day": gettext_lazy("重开日结"),
    "publish": gettext_lazy("发布"),
    "relocate": gettext_lazy("换号"),
    "import": gettext_lazy("导入"),
    "announce": gettext_lazy("公布摇号"),
    "draw": gettext_lazy("开始摇号"),
    "call_off": gettext_lazy("取消摇号"),
    "dismiss": gettext_lazy("认定没有问题"),
    "lock": gettext_lazy("停用预约"),
    "restore": gettext_lazy("恢复预约"),
    "grant": gettext_lazy("同意申诉"),
    "deny": gettext_lazy("驳回申诉"),
    "release": gettext_lazy("改放号方式"),
    "claim": gettext_lazy("认领警报"),
    "hand_back": gettext_lazy("退回警报"),
    "handle": gettext_lazy("处理警报"),
    "pair": gettext_lazy("配对大屏"),
    "unpair": gettext_lazy("停用大屏"),
    "pause": gettext_lazy("暂停"),
    "resume": gettext_lazy("恢复"),
    "ask": gettext_lazy("申请导出"),
    "approve": gettext_lazy("批准导出"),
    "refuse": gettext_lazy("拒绝导出"),
    "export": gettext_lazy("导出"),
}


class ActionFilter(admin.SimpleListFilter):
    """By what was done; the words are a fixed list, so that no count over the whole trail is needed."""

    title = gettext_lazy("动作")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(ACTIONS.items())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(action=self.value()) if self.value() else queryset


class AskForm(forms.Form):
    """Which days, and why."""

    first_day = forms.DateField(label=gettext_lazy("从哪天"), widget=AdminDateWidget)
    last_day = forms.DateField(label=gettext_lazy("到哪天"), widget=AdminDateWidget, help_text=gettext_lazy("含这天"))
    reason = forms.CharField(label=gettext_lazy("原因"), min_length=4, max_length=200)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if self.errors:
            return found
        days = (found["last_day"] - found["first_day"]).days
        if days < 0:
            self.add_error("last_day", _("结束日期不能早于开始日期。"))
        elif days >= audit_exports.MOST_DAYS:
            self.add_error("last_day", _("一次最多导出一年。"))
        return found


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    change_list_template = "admin/accounts/auditentry/change_list.html"
    change_form_template = "admin/accounts/auditentry/change_form.html"
    list_display = ["at", "by", "did", "label", "what", "reason", "origin"]
    list_filter = [ActionFilter, "at"]
    list_select_related = ["by"]
    ordering = ["-at"]
    search_fields = ["label__startswith", "by__username__startswith", "what__exact"]
    search_help_text = gettext_lazy("对象名称或操作人账号的开头")
    fields = ["at", "by", "did", "label", "what", "reason", "origin", "district_code"]
    readonly_fields = ["at", "by", "did", "label", "what", "reason", "origin", "district_code"]

    @admin.display(description=gettext_lazy("动作"), ordering="action")
    def did(self, entry: AuditEntry) -> str:
        return str(ACTIONS.get(entry.action, entry.action))

    def get_urls(self) -> list[URLPattern]:
        export = self.admin_site.admin_view(self.export)
        file = self.admin_site.admin_view(self.file)
        return [
            path("export/", export, name="accounts_auditentry_export"),
            path("export/<uuid:export_id>/", file, name="accounts_auditentry_export_file"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        entry = self.get_object(request, object_id)
        changes = changes_of(entry) if entry else []
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "changes": changes})

    def export(self, request: HttpRequest) -> HttpResponse:
        """Ask for a file, and answer what others ask for."""
        user, now = _exporter(request), timezone.now()
        act = request.POST.get("act", "")
        ask, code = AskForm(request.POST if act == "ask" else None), CodeForm(request.POST or None)
        if act == "ask" and ask.is_valid() and code.accepted(user) is not None:
            audit_exports.ask(by=user, origin=origin_of(request), now=now, **ask.cleaned_data)
            messages.success(request, _("已申请。另一位有权限的人批准后，您可以在一天内下载。"))
            return HttpResponseRedirect(request.path)
        if act in ("approve", "refuse") and code.accepted(user) is not None:
            return self._decide(request, user, is_approved=act == "approve")
        waiting, own = list(audit_exports.waiting_for(user, now=now)), list(audit_exports.own(user, now=now))
        return self._page(request, ask=ask, code=code, waiting=waiting, own=own)

    def _decide(self, request: HttpRequest, user: User, *, is_approved: bool) -> HttpResponse:
        form = _IdForm(request.POST)
        try:
            if not form.is_valid():
                raise audit_exports.NoSuchExport
            audit_exports.decide(
                by=user, export_id=form.cleaned_data["export"], is_approved=is_approved, origin=origin_of(request),
                now=timezone.now(),
            )  # fmt: skip
        except audit_exports.NoSuchExport:
            messages.error(request, _("这个申请已经处理过，或者过期了。"))
        else:
            messages.success(request, _("已批准。申请人一天内可以下载。") if is_approved else _("已拒绝。"))
        return HttpResponseRedirect(request.path)

    def file(self, request: HttpRequest, export_id: Any) -> HttpResponseBase:
        """The approved file, for whoever asked for it, after a fresh code."""
        user, code = _exporter(request), CodeForm(request.POST or None)
        back = HttpResponseRedirect(reverse("admin:accounts_auditentry_export"))
        if request.method != "POST":
            return back
        if code.accepted(user) is None:
            messages.error(request, " ".join(str(error) for error in code.errors.get("code", [])))
            return back
        try:
            rows = audit_exports.fetch(by=user, export_id=export_id, origin=origin_of(request), now=timezone.now())
        except audit_exports.NoSuchExport:
            messages.error(request, _("这个文件还没批准，或者过期了。请重新申请。"))
            return back
        response = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="audit-{timezone.localdate():%Y%m%d}.csv"'
        response["Cache-Control"] = "no-store"
        return response

    def _page(self, request: HttpRequest, **facts: Any) -> HttpResponse:
        device = second_factors.device_of(request.user)  # type: ignore[arg-type]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("导出操作记录"),
            "shown_code": second_factors.demonstration_code(device),
            "media": self.media + facts["ask"].media,
            "may_list": self.has_view_permission(request),
            **facts,
        }
        return TemplateResponse(request, "admin/accounts/auditentry/export.html", context)


class _IdForm(forms.Form):
    export = forms.UUIDField()


def _exporter(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not user.has_perm("accounts.export_auditentry"):
        raise PermissionDenied
    return user


def changes_of(entry: AuditEntry) -> list[tuple[str, str, str]]:
    """The entry's fields by the names people know, with what stood there before and after."""
    found = []
    for name in dict.fromkeys([*entry.before, *entry.after]):
        label, rows = _field_name(entry.what, name)
        found.append((label, _said(entry.before.get(name), rows), _said(entry.after.get(name), rows)))
    return found


def _field_name(what: str, name: str) -> tuple[str, Any]:
    """How the field is called; and where rows of another table point at this one, those rows' table."""
    row, _dot, field = name.rpartition(" · ")
    try:
        found = apps.get_model(what.partition(" ")[0])._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return (f"{row} · {field}" if row else field), None
    if hasattr(found, "verbose_name"):
        return str(found.verbose_name), None
    return str(found.related_model._meta.verbose_name), found.related_model


def _said(value: Any, rows: Any = None) -> str:
    if value == HIDDEN:
        return _("已修改（内容不显示）")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return "、".join(_said(one, rows) for one in value) or "—"
    if isinstance(value, dict) and rows is not None:
        return _row_said(value, rows)
    return "—" if value in (None, "") else str(value)


def _row_said(row: dict[str, Any], table: Any) -> str:
    """名称 第一批，证件尾号 12."""
    fields = (field for field in table._meta.concrete_fields if row.get(field.name) not in (None, ""))
    return _("，").join(f"{field.verbose_name} {row[field.name]}" for field in fields)
