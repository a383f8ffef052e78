"""One's own entry: how it stands, what can still be changed, and what came of it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from booking.operations.draws.enter import withdraw
from booking.operations.refusals import NotFound, Refusal
from booking.queries.draw_entries import MyEntry, my_entry
from booking.queries.draw_fates import fate
from booking.web.draws import words
from booking.web.me.private import account_of, private
from booking.web.wording import sentence

_DONE = ("entered", "changed")


@private("GET")
def draw_entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """The entry with its code; somebody else's does not exist."""
    done = request.GET.get("done", "")
    return _page(request, _entry(request, entry_id), done=done if done in _DONE else "")


@private("GET", "POST")
def draw_withdraw(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Say what is lost, and take the entry out when confirmed. A second time changes nothing."""
    entry = _entry(request, entry_id)
    if request.method == "POST":
        try:
            withdraw(account_id=account_of(request), entry_id=entry_id, now=timezone.now())
        except NotFound:
            raise Http404 from None
        except Refusal as refusal:
            return _page(request, entry, refused=sentence(refusal))
        return redirect("draw_entry", entry_id)
    if not entry.can_change:
        return redirect("draw_entry", entry_id)
    return render(request, "booking/draws/withdraw.html", {"entry": entry, "draw": entry.draw})


def _entry(request: HttpRequest, entry_id: UUID) -> MyEntry:
    entry = my_entry(account_of(request), entry_id, now=timezone.now())
    if entry is None:
        raise Http404
    return entry


def _page(request: HttpRequest, entry: MyEntry, *, done: str = "", refused: str = "") -> HttpResponse:
    context = {
        "entry": entry,
        "draw": entry.draw,
        "fate": fate(entry),
        "not_given": words.not_given(entry),
        "code": words.in_fours(entry.code),
        "sites": words.wished(entry),
        "done": done,
        "refused": refused,
    }
    return render(request, "booking/draws/entry.html", context, status=409 if refused else 200)
