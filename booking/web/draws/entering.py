"""Entering: for whom, where and when, a look at it, done. Three taps for whoever takes what comes."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from booking.operations.draws.enter import change, enter
from booking.operations.draws.refusals import AlreadyEntered
from booking.operations.refusals import NotFound, Refusal
from booking.queries.draw_board import DrawBoard, draw_board
from booking.queries.draw_entries import MyEntry, my_entries
from booking.queries.draws import ANNOUNCED, OPEN, DrawFacts
from booking.queries.patients import PatientFacts, patients_with_doses
from booking.rules.draw import MOST_SITES
from booking.web.draws.listing import draw_or_404
from booking.web.draws.people import people_rows
from booking.web.draws.wish import Wish, acted, site_rows, sites_found, wish_in
from booking.web.journey import words
from booking.web.me.private import account_of, private, unlocked
from booking.web.wording import sentence
from sites.queries import district_names


@dataclass(frozen=True, slots=True)
class _Entering:
    """Who enters what; `entry` is there where a wish is being changed."""

    account_id: int
    draw: DrawFacts
    patient: PatientFacts
    board: DrawBoard
    entry: MyEntry | None

    def frame(self) -> dict[str, Any]:
        """What both pages show."""
        chosen = [
            {"icon": "person", "text": self.patient.name, "more": words.relation(self.patient.relation)},
            {"icon": "vaccine", "text": words.named(self.draw)},
        ]
        return {"draw": self.draw, "patient": self.patient, "entry": self.entry, "chosen": chosen}

    def first_wish(self) -> Wish:
        """What the page begins with."""
        if self.entry is None:
            return Wish()
        sites = tuple(site.code for site in self.entry.sites if site.code in self.board.by_site)
        return Wish(sites, tuple(day for day in self.entry.days if day in self.board.days), self.entry.any_site)

    def gone(self) -> str:
        """Sites that were wished for in an earlier round and have nothing in this one."""
        sites = self.entry.sites if self.entry is not None else ()
        return words.names([words.named(site) for site in sites if site.code not in self.board.by_site])


@private("GET")
@unlocked
def enter_who(request: HttpRequest, draw_id: UUID) -> HttpResponse:
    """The account's people; the way in for whoever had to sign in first."""
    draw = draw_or_404(draw_id)
    if draw.state != OPEN:
        return redirect("draw", draw_id)
    account_id = account_of(request)
    entries = [one for one in my_entries(account_id, now=timezone.now()) if one.draw.draw_id == draw_id]
    context = {"draw": draw, "people": people_rows(account_id, draw, entries), "back_here": request.path}
    return render(request, "booking/draws/who.html", context)


@private("GET")
@unlocked
def enter_wish(request: HttpRequest, draw_id: UUID, patient_id: UUID) -> HttpResponse:
    """Which sites, in which order, and which days. Every button of the page comes back here with all that it shows."""
    entering = _entering(request, draw_id, patient_id)
    if entering is None:
        return redirect("draw", draw_id)
    board, act = entering.board, request.GET.get("act", "")
    wish = acted(wish_in(request.GET, board) or entering.first_wish(), act, board)
    if act == "check" and wish.is_possible:
        return redirect(reverse("draw_check", args=[draw_id, patient_id]) + wish.query())
    context = {
        **entering.frame(),
        "wish": wish,
        "sites": site_rows(wish.sites),
        "most": MOST_SITES,
        "is_full": len(wish.sites) >= MOST_SITES,
        "gone": entering.gone() if not request.GET else "",
        "looked": act not in ("", "check"),
        "found": sites_found(request.GET, board, wish, home=entering.patient.district),
        "districts": district_names(),
        "days": [{"day": day, "on": day in wish.days} for day in board.days],
        "error": _("请至少选一个接种点，或勾选“服从调剂”。") if act == "check" else "",
    }
    return render(request, "booking/draws/wish.html", context)


@private("GET", "POST")
@unlocked
def enter_check(request: HttpRequest, draw_id: UUID, patient_id: UUID) -> HttpResponse:
    """All of it once more, and the one button that enters. A second time changes nothing."""
    entering = _entering(request, draw_id, patient_id)
    if entering is None:
        return redirect("draw", draw_id)
    wish = wish_in(request.GET, entering.board)
    back = reverse("draw_wish", args=[draw_id, patient_id])
    if wish is None or not wish.is_possible:
        return redirect(back)
    refused = ""
    if request.method == "POST":
        try:
            return _entered(entering, wish)
        except NotFound:
            raise Http404 from None
        except Refusal as refusal:
            if isinstance(refusal, AlreadyEntered) and refusal.facts["entry"]:
                # A second tap, or another window: it is done.
                return redirect(reverse("draw_entry", args=[refusal.facts["entry"]]) + "?done=entered")
            refused = sentence(refusal)
    context = {
        **entering.frame(),
        "wish": wish,
        "sites": site_rows(wish.sites),
        "change": back + wish.query(),
        "refused": refused,
    }
    return render(request, "booking/draws/check.html", context, status=409 if refused else 200)


def _entered(entering: _Entering, wish: Wish) -> HttpResponse:
    asked: dict[str, Any] = {"sites": wish.sites, "days": wish.days, "any_site": wish.any_site, "now": timezone.now()}
    if entering.entry is not None:
        made = change(account_id=entering.account_id, entry_id=entering.entry.entry_id, **asked)
        return redirect(reverse("draw_entry", args=[made.entry_id]) + "?done=changed")
    made = enter(
        account_id=entering.account_id, patient_id=entering.patient.patient_id, draw_id=entering.draw.draw_id, **asked
    )
    return redirect(reverse("draw_entry", args=[made.entry_id]) + "?done=entered")


def _entering(request: HttpRequest, draw_id: UUID, patient_id: UUID) -> _Entering | None:
    """None unless this person can enter, or change their wish, now. Raises Http404 for what is not the account's."""
    draw, account_id = draw_or_404(draw_id), account_of(request)
    patient = next((one for one in patients_with_doses(account_id) if one.patient_id == patient_id), None)
    if patient is None:
        raise Http404
    entries = my_entries(account_id, now=timezone.now())
    entry = next((one for one in entries if (one.draw.draw_id, one.patient_id) == (draw_id, patient_id)), None)
    # Whoever lost the round before is in this one before it opens, and may change their wish then.
    if draw.state != OPEN and not (draw.state == ANNOUNCED and entry is not None):
        return None
    return _Entering(account_id, draw, patient, draw_board(draw_id), entry)
