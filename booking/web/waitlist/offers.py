"""A place or a leftover dose is offered: yes or no, and what came of it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from booking.operations.refusals import NotFound, Refusal
from booking.operations.waitlist.accept import accept
from booking.operations.waitlist.decline import decline
from booking.operations.waitlist.refusals import OfferGone
from booking.queries.waitlist import PLACE, offer_of
from booking.rules.leftovers import TRAVEL_MINUTES
from booking.web.appointments.one import route
from booking.web.me.private import account_of, private, unlocked
from booking.web.waitlist.words import time_left
from booking.web.wording import sentence


@private("GET")
def offer(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """The offer as it stands; somebody else's does not exist."""
    return _page(request, offer_id)


@private("POST")
@unlocked
def accept_offer(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Take it. A second time changes nothing."""
    try:
        accept(account_id=account_of(request), offer_id=offer_id, now=timezone.now())
    except NotFound:
        raise Http404 from None
    except Refusal as refusal:
        if isinstance(refusal, OfferGone) and refusal.facts["reason"] != "taken":
            # The page itself says how it stands.
            return redirect("offer", offer_id)
        return _page(request, offer_id, refused=sentence(refusal))
    return redirect("offer", offer_id)


@private("POST")
def decline_offer(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Let it go to the next person. A second time changes nothing."""
    try:
        decline(account_id=account_of(request), offer_id=offer_id, now=timezone.now())
    except NotFound:
        raise Http404 from None
    except OfferGone:
        return redirect("offer", offer_id)
    return redirect("offer", offer_id)


def _page(request: HttpRequest, offer_id: UUID, *, refused: str = "") -> HttpResponse:
    now = timezone.now()
    facts = offer_of(account_of(request), offer_id, now=now)
    if facts is None:
        raise Http404
    context = {
        "offer": facts,
        "left": time_left(facts.expires_at, now=now) if facts.is_open else "",
        "now": now,
        "travel_minutes": TRAVEL_MINUTES,
        "route": route(facts.site),
        "refused": refused,
    }
    page = "booking/waitlist/offer.html" if facts.kind == PLACE else "booking/waitlist/offer_of_dose.html"
    return render(request, page, context, status=409 if refused else 200)
