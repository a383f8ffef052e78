"""What the pages of a draw share."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone

from booking.models import Draw
from booking.queries.draws import state_of


def draw_of(model_admin: Any, request: HttpRequest, draw_id: UUID) -> Draw:
    """The draw, without its seed. Raises PermissionDenied for whoever may not look at draws, and Http404."""
    if not request.user.has_perm("booking.view_draw"):
        raise PermissionDenied
    rows = Draw.objects.defer("seed").select_related("programme", "previous", "made_by")
    draw = rows.filter(pk=draw_id).first()
    if draw is None:
        raise Http404
    return draw


def context_of(model_admin: Any, request: HttpRequest, title: str) -> dict[str, Any]:
    """What every page of the admin needs."""
    return {**model_admin.admin_site.each_context(request), "opts": model_admin.opts, "title": title}


def standing_of(draw: Draw) -> str:
    """How it stands now, as queries.draws names it."""
    return state_of(draw, now=timezone.now())
