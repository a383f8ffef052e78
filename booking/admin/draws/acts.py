"""What is done to a draw that was announced: drawn with the public value, or called off."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audited import note
from booking.admin.draws import words
from booking.admin.draws.drawing import page
from booking.admin.draws.forms import CallOffForm, ValueForm
from booking.admin.draws.pages import context_of, draw_of, standing_of
from booking.models import Draw
from booking.operations.draws.announce import call_off
from booking.operations.draws.run import run_draw
from booking.operations.refusals import Refusal
from booking.queries.draw_figures import entry_counts
from booking.queries.draws import ANNOUNCED, CLOSED, OPEN


def run_view(model_admin: Any, request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """The public value, twice; shown once more, big, beside its source; confirmed, the draw runs."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    draw = _to_act_on(model_admin, request, draw_id)
    form = ValueForm(request.POST)
    if standing_of(draw) != CLOSED:
        messages.info(request, _("现在不能填公开数值。请看下面的状态。"))
        return _back(draw)
    if not form.is_valid():
        return page(model_admin, request, draw, form=form)
    value = form.cleaned_data["value"]
    if "confirmed" not in request.POST:
        return page(model_admin, request, draw, form=form, value=value)
    try:
        run_draw(draw_id=draw.pk, public_value=value, by=int(request.user.pk or 0), now=timezone.now())
    except Refusal as refusal:
        messages.error(request, words.refused(refusal))
        return _back(draw)
    note(request, "draw", draw, str(draw), after={"public_value": value, "entries_digest": draw.entries_digest})
    return _back(draw)


def call_off_view(model_admin: Any, request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """Say what it means and ask why; confirmed, there is no draw, and everybody who entered is told."""
    draw = _to_act_on(model_admin, request, draw_id)
    form = CallOffForm(request.POST if request.method == "POST" else None)
    if standing_of(draw) not in (ANNOUNCED, OPEN, CLOSED):
        messages.info(request, _("这次摇号已经不能取消了。"))
        return _back(draw)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            call_off(draw_id=draw.pk, now=timezone.now())
        except Refusal as refusal:
            messages.error(request, words.refused(refusal))
            return _back(draw)
        note(request, "call_off", draw, str(draw), reason=reason)
        messages.success(request, _("已取消。登记都还在，可以从这里公布下一轮。"))
        return _back(draw)
    context = {
        **context_of(model_admin, request, _("取消摇号")),
        "draw": draw,
        "form": form,
        "counts": entry_counts(draw.pk),
    }
    return TemplateResponse(request, "admin/booking/draw/call_off.html", context)


def _to_act_on(model_admin: Any, request: HttpRequest, draw_id: UUID) -> Draw:
    draw = draw_of(model_admin, request, draw_id)
    if not request.user.has_perm("booking.change_draw"):
        raise PermissionDenied
    return draw


def _back(draw: Draw) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:booking_draw_show", args=[draw.pk]))
