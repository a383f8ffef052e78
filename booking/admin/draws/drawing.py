"""The page of a draw, in whichever state it is; its rehearsal; how far it is."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from booking.admin.draws import words
from booking.admin.draws.forms import ValueForm
from booking.admin.draws.pages import context_of, draw_of, standing_of
from booking.models import Draw, DrawOutcome
from booking.operations.draws.dry_run import dry_run
from booking.queries.draw_figures import entry_counts, result_counts, wishes_by_site
from booking.queries.draws import ANNOUNCED, CALLED_OFF, CLOSED, DRAWING, DRAWN, OPEN, draw_sites, progress
from sites.models import Site


def show_view(model_admin: Any, request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """What was announced, who has entered, and the one thing to do now."""
    return page(model_admin, request, draw_of(model_admin, request, draw_id))


def page(model_admin: Any, request: HttpRequest, draw: Draw, **more: Any) -> HttpResponse:
    """The page, with a form that came back or a value to confirm among `more`."""
    at = standing_of(draw)
    context = {
        **context_of(model_admin, request, draw.name),
        "draw": draw,
        "standing": at,
        "standing_words": words.standing(at),
        "counts": entry_counts(draw.pk),
        "may_change": request.user.has_perm("booking.change_draw"),
        "may_announce": request.user.has_perm("booking.add_draw"),
        "may_call_off": at in (ANNOUNCED, OPEN, CLOSED),
        "next": Draw.objects.defer("seed").filter(previous=draw).first() if at in (DRAWN, CALLED_OFF) else None,
    }
    if at in (ANNOUNCED, OPEN, CLOSED):
        context["sites"] = _sites(draw)
    if at == CLOSED:
        context["form"] = ValueForm()
    if at == DRAWING:
        context["progress"] = progress(draw.pk)
    if at == DRAWN:
        context["results"] = _results(draw)
    return TemplateResponse(request, "admin/booking/draw/show.html", {**context, **more})


def dry_run_view(model_admin: Any, request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """What it would come to with a seed that is thrown away; each time another."""
    draw = draw_of(model_admin, request, draw_id)
    if not request.user.has_perm("booking.change_draw"):
        raise PermissionDenied
    found = dry_run(draw_id=draw.pk)
    names = _names(list(found.by_site))
    context = {
        **context_of(model_admin, request, _("摇号演练")),
        "draw": draw,
        "found": found,
        "sites": [(names.get(code, code), has, given, has - given) for code, (has, given) in found.by_site.items()],
    }
    return TemplateResponse(request, "admin/booking/draw/dry_run.html", context)


def progress_view(model_admin: Any, request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """How far it is, for the page's script."""
    draw = draw_of(model_admin, request, draw_id)
    now = progress(draw.pk)
    return JsonResponse({"state": draw.state, "done": now.done, "total": now.entries})


def _sites(draw: Draw) -> list[dict[str, Any]]:
    """Each site's places beside how many want it, the most wanted for its places first."""
    wished = wishes_by_site(draw.pk)
    rows = [
        {
            "site": one.site,
            "places": one.places,
            "first": wished.get(one.site.code, (0, 0))[0],
            "named": wished.get(one.site.code, (0, 0))[1],
        }
        for one in draw_sites(draw.pk)
    ]
    return sorted(rows, key=lambda row: (-row["first"] / max(row["places"], 1), row["site"].code))


def _results(draw: Draw) -> dict[str, Any]:
    found = result_counts(draw.pk)
    failed = [
        (str(DrawOutcome(outcome).label), n)
        for outcome, n in found.outcomes.items()
        if outcome and outcome not in (DrawOutcome.BOOKED, DrawOutcome.NOT_PLACED)
    ]
    return {
        "booked": found.outcomes.get(DrawOutcome.BOOKED, 0),
        "not_placed": found.outcomes.get(DrawOutcome.NOT_PLACED, 0),
        "first_wish": found.first_wish,
        "other_wish": found.other_wish,
        "another_site": found.another_site,
        "failed": failed,
    }


def _names(codes: list[str]) -> dict[str, str]:
    return {site.code: str(site) for site in Site.objects.filter(code__in=codes)}
