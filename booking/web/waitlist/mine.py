"""What an account waits for, and what it is being offered."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.masking import masked_receiver
from booking.operations.refusals import NotFound
from booking.operations.waitlist.leave import leave
from booking.queries.waitlist import entries_of, entry_of, open_offers_of
from booking.queries.waitlist_line import before
from booking.web.me.private import account_of, private
from booking.web.waitlist.words import in_words, where


@private("GET")
def my_waitlist(request: HttpRequest) -> HttpResponse:
    """The wishes that count, and above them what waits for an answer."""
    account_id, now = account_of(request), timezone.now()
    done, entries = request.GET.get("done", ""), entries_of(account_id, now=now)
    line = before([one.entry_id for one in entries], now=now)
    context = {
        "offers": open_offers_of(account_id, now=now),
        "entries": [{"facts": one, **in_words(one, line.get(one.entry_id))} for one in entries],
        "done": done if done in ("joined", "changed", "left") else "",
        "told_at": _told_at(request),
        "answer_minutes": settings.LEFTOVER_ANSWER_MINUTES,
        "place_minutes": settings.OFFER_ANSWER_MINUTES,
        "now": now,
    }
    return render(request, "booking/waitlist/mine.html", context)


@private("GET", "POST")
def leave_waitlist(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Say what is lost, and end the wish when confirmed. A second time changes nothing."""
    account_id, now = account_of(request), timezone.now()
    if request.method == "POST":
        try:
            leave(account_id=account_id, entry_id=entry_id, now=now)
        except NotFound:
            raise Http404 from None
        return redirect(reverse("my_waitlist") + "?done=left")
    entry = entry_of(account_id, entry_id, now=now)
    if entry is None:
        # Ended meanwhile, or somebody else's: the list says what there is.
        return redirect("my_waitlist")
    return render(request, "booking/waitlist/leave.html", {"entry": entry, "where": where(entry)})


def _told_at(request: HttpRequest) -> str:
    receiver = request.user.phone or request.user.email  # type: ignore[union-attr]
    return masked_receiver(str(receiver)) if receiver else ""
