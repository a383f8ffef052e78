"""A draw, or its next round, is announced: asked for, looked at, confirmed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audited import note
from booking.admin.draws import words
from booking.admin.draws.forms import AnnounceForm
from booking.admin.draws.pages import context_of, draw_of
from booking.models import Draw
from booking.operations.draws.announce import Announcement, announce
from booking.operations.draws.refusals import CannotAnnounce
from booking.operations.refusals import NotFound
from booking.queries.draw_figures import carried_over
from booking.queries.draw_plan import draw_plan


def announce_view(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """The form; posted, what it would be about; confirmed, it is announced."""
    return _page(model_admin, request, previous=None)


def next_view(model_admin: Any, request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """The same for the next round of a draw, into which whoever lost it comes by themselves."""
    draw = draw_of(model_admin, request, draw_id)
    following = Draw.objects.defer("seed").filter(previous=draw).first()
    if following is not None and request.user.has_perm("booking.add_draw"):
        messages.info(request, words.refused(CannotAnnounce(reason="previous_has_next")))
        return HttpResponseRedirect(reverse("admin:booking_draw_show", args=[following.pk]))
    return _page(model_admin, request, previous=draw)


def _page(model_admin: Any, request: HttpRequest, *, previous: Draw | None) -> HttpResponse:
    if not request.user.has_perm("booking.add_draw"):
        raise PermissionDenied
    form = AnnounceForm(request.POST if request.method == "POST" else None, previous=previous, initial=_begin(previous))
    looked_at = form.is_valid()
    if looked_at and "confirmed" in request.POST:
        try:
            return _announce(request, form, previous)
        except CannotAnnounce as refusal:
            form.add_error(None, words.refused(refusal))
            looked_at = False
        except NotFound:
            form.add_error("programme", _("没有找到。请检查后再试。"))
            looked_at = False
    title = _("公布下一轮摇号") if previous else _("公布摇号")
    context = {
        **context_of(model_admin, request, title),
        "form": form,
        "previous": previous,
        "coming_along": carried_over(previous) if previous else 0,
        "media": model_admin.media + form.media,
        **(_looked_at(form) if looked_at else {}),
    }
    return TemplateResponse(request, "admin/booking/draw/announce.html", context)


def _begin(previous: Draw | None) -> dict[str, Any]:
    if previous is None:
        return {}
    return {
        "name": _("%(name)s（下一轮）") % {"name": previous.name},
        "name_en": f"{previous.name_en} (next round)",
        "public_source": previous.public_source,
        "public_source_en": previous.public_source_en,
    }


def _looked_at(form: AnnounceForm) -> dict[str, Any]:
    found = form.cleaned_data
    plan = draw_plan(found["programme"], first=found["first_day"], last=found["last_day"])
    return {
        "plan": plan,
        "day_totals": [(day, plan.of_day(day)) for day in plan.days],
        "rows": [(one.site, one.places, [one.by_day.get(day, 0) for day in plan.days]) for one in plan.sites],
        "warnings": list(words.warnings(plan)),
    }


def _announce(request: HttpRequest, form: AnnounceForm, previous: Draw | None) -> HttpResponse:
    found = dict(form.cleaned_data)
    programme = found.pop("programme")
    said = Announcement(programme_id=programme.pk, previous_id=previous.pk if previous else None, **found)
    draw = announce(said, by=int(request.user.pk or 0), now=timezone.now())
    facts = {
        "programme": programme.code, "opens_at": draw.opens_at.isoformat(), "closes_at": draw.closes_at.isoformat(),
        "first_day": draw.first_day.isoformat(), "last_day": draw.last_day.isoformat(),
        "public_source": draw.public_source, "commitment": draw.commitment,
    }  # fmt: skip
    note(request, "announce", draw, str(draw), after=facts)
    messages.success(request, _("已公布。市民在“摇号”里看得到，到时间就能登记。"))
    return HttpResponseRedirect(reverse("admin:booking_draw_show", args=[draw.pk]))
