"""The pages of a bulk change: its form, its preview with the button, its progress, what was done."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audited import note
from booking.admin.changes import pages
from booking.admin.changes.forms import ChangeForm, CloseForm, CopyForm, ReopenForm, SetForm, ids_of
from booking.admin.changes.may import NEEDS, may_apply
from booking.admin.changes.plan_form import PlanForm
from booking.models import ChangeKind, ChangeState, QuotaChange, Slot, WithAppointments
from booking.operations.quotas.apply_change import continue_change, start_change, start_undo, stop_change
from booking.operations.quotas.preview_change import preview_change
from sites.scope import scope_of

FORMS: dict[str, type[ChangeForm]] = {
    form.kind: form for form in (PlanForm, CopyForm, SetForm, CloseForm, ReopenForm)
}  # fmt: skip
_UNDER_WAY = (ChangeState.RUNNING, ChangeState.UNDOING)


def new_view(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """The form of a kind; posted, it becomes a preview."""
    kind = request.POST.get("kind") or request.GET.get("kind") or "plan"
    if kind not in FORMS:
        raise Http404
    if not (request.user.has_perm("booking.add_quotachange") and request.user.has_perm(NEEDS[ChangeKind(kind)])):
        raise PermissionDenied
    scope = scope_of(request.user)
    form = FORMS[kind](request.POST, scope=scope) if request.method == "POST" else _prefilled(kind, request)
    if request.method == "POST" and form.is_valid():
        if not (isinstance(form, PlanForm) and form.has_to_ask()):
            change = preview_change(
                kind=ChangeKind(kind),
                site_ids=form.site_ids(),
                params=form.params(),
                reason=form.reason,
                by=_key(request),
                now=timezone.now(),
            )
            _note(request, "preview", change)
            return _back(change.pk)
        form = form.asked_again()
        messages.info(request, _("这些日子里有节假日或调休，请看一下下面的安排，再继续。"))
    _make_searchable(form, model_admin)
    return TemplateResponse(
        request, "admin/booking/quotachange/new.html", pages.new_context(model_admin, request, form, kind)
    )  # fmt: skip


def preview_view(model_admin: Any, request: HttpRequest, change_id: UUID) -> HttpResponse:
    """What it would do and the button; while it runs, how far it is; afterwards what was done."""
    change = _change_of(model_admin, request, change_id)
    return TemplateResponse(
        request, "admin/booking/quotachange/preview.html", pages.change_context(model_admin, request, change)
    )  # fmt: skip


def progress_view(model_admin: Any, request: HttpRequest, change_id: UUID) -> HttpResponse:
    """How far it is, for the page's script."""
    change = _change_of(model_admin, request, change_id)
    return JsonResponse(
        {
            "state": change.state,
            "label": change.get_state_display(),
            "done": change.done,
            "total": change.total,
            "under_way": change.state in _UNDER_WAY,
        }
    )


def apply_view(model_admin: Any, request: HttpRequest, change_id: UUID) -> HttpResponse:
    """Confirmed: it runs from now on; or goes on after a stop."""
    change = _to_act_on(model_admin, request, change_id)
    if not isinstance(change, QuotaChange):
        return change
    now = timezone.now()
    if change.state == ChangeState.STOPPED:
        if continue_change(change_id=change_id, now=now):
            _note(request, "apply", change)
        return _back(change_id)
    choice, reason = request.POST.get("appointments", WithAppointments.KEEP), request.POST.get("reason", "").strip()
    if choice not in WithAppointments.values or len(reason) > 120:
        messages.error(request, _("有内容要改，请看下面标出的地方。"))
    elif choice != WithAppointments.KEEP and not (reason or change.reason):
        messages.error(request, _("请写一句原因：要告诉已约的人为什么。"))
    else:
        started = start_change(
            change_id=change_id,
            appointments=WithAppointments(choice),
            reason=reason or change.reason,
            by=_key(request),
            now=now,
        )
        if started.meanwhile:
            messages.warning(request, _("您看的时候有人改了其中的时段，已重新计算。请再看一遍。"))
            pages.remember_meanwhile(request, started.meanwhile)
        elif not started.runs:
            messages.info(request, _("这次调整已经开始过了。"))
        else:
            _note(request, "apply", change, reason=reason or change.reason, appointments=choice)
    return _back(change_id)


def stop_view(model_admin: Any, request: HttpRequest, change_id: UUID) -> HttpResponse:
    """Stopped after the site that is being worked on."""
    change = _to_act_on(model_admin, request, change_id)
    if not isinstance(change, QuotaChange):
        return change
    if stop_change(change_id=change_id):
        _note(request, "stop", change)
        messages.success(request, _("已停下。做完的保留，可以接着做，也可以撤销。"))
    return _back(change_id)


def undo_view(model_admin: Any, request: HttpRequest, change_id: UUID) -> HttpResponse:
    """What it did is taken back, as far as nobody has built on it."""
    change = _to_act_on(model_admin, request, change_id)
    if not isinstance(change, QuotaChange):
        return change
    if start_undo(change_id=change_id, by=_key(request), now=timezone.now()):
        _note(request, "undo", change)
    else:
        messages.info(request, _("现在不能撤销。"))
    return _back(change_id)


def _change_of(model_admin: Any, request: HttpRequest, change_id: UUID) -> QuotaChange:
    if not request.user.has_perm("booking.view_quotachange"):
        raise PermissionDenied
    # Through the table's own narrowed rows: what is partly about other people's sites is not there.
    change: QuotaChange | None = model_admin.get_queryset(request).select_related("by").filter(pk=change_id).first()
    if change is None:
        raise Http404
    return change


def _to_act_on(model_admin: Any, request: HttpRequest, change_id: UUID) -> QuotaChange | HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    change = _change_of(model_admin, request, change_id)
    if not may_apply(request, change):
        raise PermissionDenied
    return change


def _note(request: HttpRequest, action: str, change: QuotaChange, *, reason: str = "", **facts: Any) -> None:
    after = {"kind": change.kind, "sites": len(change.site_ids), **change.summary.get("counts", {}), **facts}
    note(request, action, change, str(change), after=after, reason=reason)


def _key(request: HttpRequest) -> int:
    return int(request.user.pk or 0)


def _back(change_id: UUID) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:booking_quotachange_preview", args=[change_id]))


def _prefilled(kind: str, request: HttpRequest) -> ChangeForm:
    given: dict[str, Any] = {name: value for name, value in request.GET.items() if name not in ("sites", "districts")}
    given["sites"] = list(ids_of(request.GET.get("sites", "")))
    given["districts"] = [code for code in request.GET.get("districts", "").split(",") if code]
    return FORMS[kind](initial=given, scope=scope_of(request.user))


def _make_searchable(form: ChangeForm, model_admin: Any) -> None:
    field: Any = form.fields["sites"]
    # The widget shows the names of what is chosen; choices from outside the scope are not among them.
    field.widget = AutocompleteSelectMultiple(Slot._meta.get_field("site"), model_admin.admin_site)
    field.widget.choices = field.choices
