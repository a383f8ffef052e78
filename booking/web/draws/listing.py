"""Which draws there are, and what one of them is."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from booking.queries.draw_board import draw_board
from booking.queries.draw_entries import my_entries
from booking.queries.draws import ANNOUNCED, CLOSED, DRAWING, DRAWN, OPEN, DrawFacts, draw_facts
from booking.queries.draws import draws as all_draws
from booking.web.draws import words
from booking.web.draws.people import people_rows
from booking.web.frame import account_of
from booking.web.public.kept import public

_FRESH = 30
_GROUPS = ((OPEN,), (ANNOUNCED,), (CLOSED, DRAWING), (DRAWN,))


@require_safe
def draws(request: HttpRequest) -> HttpResponse:
    """Every draw by how it stands, and above them what the reader's own people entered."""
    return _own_list(request) if request.user.is_authenticated else _list_for_all(request)


@require_safe
def draw(request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """What it is about and how it works; for whoever is signed in also who of their people may enter."""
    return _own_draw(request, draw_id) if request.user.is_authenticated else _draw_for_all(request, draw_id)


@public(max_age=_FRESH)
def _list_for_all(request: HttpRequest) -> HttpResponse:
    return render(request, "booking/draws/list.html", _listed())


@never_cache
def _own_list(request: HttpRequest) -> HttpResponse:
    own = my_entries(account_of(request), now=timezone.now())
    return render(request, "booking/draws/list.html", {**_listed(), "own": [words.own_row(one) for one in own]})


@public(max_age=_FRESH)
def _draw_for_all(request: HttpRequest, draw_id: UUID) -> HttpResponse:
    return render(request, "booking/draws/draw.html", _shown(draw_or_404(draw_id)))


@never_cache
def _own_draw(request: HttpRequest, draw_id: UUID) -> HttpResponse:
    found, account_id = draw_or_404(draw_id), account_of(request)
    entries = [one for one in my_entries(account_id, now=timezone.now()) if one.draw.draw_id == draw_id]
    can_enter = found.state in (ANNOUNCED, OPEN)
    context = {
        **_shown(found),
        "people": people_rows(account_id, found, entries) if can_enter else [],
        "own": [] if can_enter else [words.own_row(one) for one in entries],
    }
    return render(request, "booking/draws/draw.html", context)


def draw_or_404(draw_id: UUID) -> DrawFacts:
    """The draw. Raises Http404."""
    found = draw_facts(draw_id, now=timezone.now())
    if found is None:
        raise Http404
    return found


def _listed() -> dict[str, Any]:
    rows = [{"draw": one, "standing": words.standing(one.state)} for one in all_draws(now=timezone.now())]
    groups = [[row for row in rows if row["standing"]["name"] in names] for names in _GROUPS]  # type: ignore[index]
    return {"groups": [group for group in groups if group]}


def _shown(facts: DrawFacts) -> dict[str, Any]:
    # Once the entries are closed the published list says what there was.
    board = draw_board(facts.draw_id) if facts.state in (ANNOUNCED, OPEN) else None
    return {
        "draw": facts,
        "standing": words.standing(facts.state),
        "is_open": facts.state == OPEN,
        "places": board.places if board else None,
        "entered": words.about_how_many(board.entered) if board else "",
    }
