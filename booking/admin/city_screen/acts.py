"""One alert: what it is about, who has it, what was done, and the buttons for it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.audit import name_of
from accounts.audited import note
from accounts.models import AuditEntry
from booking.admin.city_screen.pages import HANDLE, SEE
from booking.admin.messages.alerts import label_of
from booking.models import Alert
from booking.operations.alerts.refusals import AlertClaimed, AlertOver
from booking.operations.alerts.take import claim, hand_back, handle, reopen
from booking.operations.refusals import NotFound
from booking.queries.city_screen.alerts import seen_by
from sites.scope import scope_of

_DONE = {
    "claim": gettext_lazy("已认领。处理好以后请在这里写明做了什么。"),
    "hand_back": gettext_lazy("已退回，别人可以认领。"),
    "handle": gettext_lazy("已记下。情况没有好转的话，过一段时间会再出现。"),
    "undo": gettext_lazy("已撤销，警报回到您这里。"),
}


class HandledForm(forms.Form):
    """What was done, for whoever looks after them."""

    note = forms.CharField(
        label=gettext_lazy("做了什么"),
        min_length=2,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("写给接班的人看，不要写接种人的姓名和号码。"),
        error_messages={"required": gettext_lazy("请写一句做了什么。")},
    )


def alert_page(request: HttpRequest, alert_id: int) -> HttpResponse:
    """The alert with its history; POST `act` claims it, hands it back, says what was done, or takes that back."""
    if not request.user.has_perm(SEE):  # type: ignore[union-attr]
        raise PermissionDenied
    rows = Alert.objects.select_related("site", "district", "claimed_by", "handled_by")
    row = rows.filter(seen_by(scope_of(request.user)), pk=alert_id).first()
    if row is None:
        raise Http404
    act = request.POST.get("act", "")
    form = HandledForm(request.POST if act == "handle" else None)
    if request.method == "POST":
        if not request.user.has_perm(HANDLE):  # type: ignore[union-attr]
            raise PermissionDenied
        if act in _DONE and (act != "handle" or form.is_valid()):
            return _carry_out(request, row, act, form)
    return _page(request, row, form)


def _carry_out(request: HttpRequest, row: Alert, act: str, form: HandledForm) -> HttpResponse:
    assert request.user.pk is not None
    scope, now, by = scope_of(request.user), timezone.now(), request.user.pk
    words = form.cleaned_data["note"] if act == "handle" else ""
    acts: dict[str, Callable[[], Alert]] = {
        "claim": lambda: claim(alert_id=row.pk, by=by, scope=scope, now=now),
        "hand_back": lambda: hand_back(alert_id=row.pk, by=by, scope=scope),
        "handle": lambda: handle(alert_id=row.pk, by=by, note=words, scope=scope, now=now),
        "undo": lambda: reopen(alert_id=row.pk, scope=scope),
    }
    try:
        acts[act]()
    except AlertClaimed as refusal:
        messages.error(request, _("这条警报已由 %(by)s 先认领。") % refusal.facts)
    except AlertOver:
        messages.info(request, _("这条警报已经结束，或者别人已经处理过了。请看现在的情况。"))
    except NotFound:
        raise Http404 from None
    else:
        note(request, act, row, label_of(row), reason=words, district_code=row.district_id or "")
        messages.success(request, str(_DONE[act]))
    return HttpResponseRedirect(_back(request, row, act))


def _back(request: HttpRequest, row: Alert, act: str) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse("admin:city_screen") if act == "handle" else reverse("admin:city_screen_alert", args=[row.pk])


def _page(request: HttpRequest, row: Alert, form: HandledForm) -> HttpResponse:
    may = request.user.has_perm(HANDLE) and row.ended_at is None  # type: ignore[union-attr]
    is_mine = row.claimed_by_id == request.user.pk
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": label_of(row),
        "alert": row,
        "form": form,
        "history": AuditEntry.objects.filter(what=name_of(row)).select_related("by").order_by("pk"),
        "may_claim": may and row.claimed_by_id is None and row.handled_at is None,
        "may_hand_back": may and row.claimed_by_id is not None and row.handled_at is None,
        "may_handle": may and row.handled_at is None and (is_mine or row.claimed_by_id is None),
        "may_undo": may and row.handled_at is not None,
    }
    return TemplateResponse(request, "admin/city_screen/alert.html", context)
