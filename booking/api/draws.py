"""Draws: what there is, entering one's people, and what came of it."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.views import KEY, PRIVATE
from accounts.masking import masked_name
from booking.api import draw_schema as schema
from booking.api.appointments import BookingView
from booking.api.places import PublicView
from booking.operations.draws.enter import change, enter, withdraw
from booking.operations.refusals import NotFound
from booking.queries.draw_board import draw_board
from booking.queries.draw_entries import MyEntry, my_entries, my_entry
from booking.queries.draw_fates import fate
from booking.queries.draws import ANNOUNCED, OPEN, DrawFacts, draws
from booking.queries.moments import moment


class DrawsView(PublicView):
    @extend_schema(operation_id="draws_list", responses={200: schema.DrawList}, auth=[])
    def get(self, request: Request) -> Response:
        """Every draw, the newest first, with what is published of it."""
        rows = [self._row(one) for one in draws(now=timezone.now())]
        return Response({"results": rows, "next": None})

    def _row(self, draw: DrawFacts) -> dict[str, Any]:
        board = draw_board(draw.draw_id) if draw.state in (ANNOUNCED, OPEN) else None
        return {
            "id": str(draw.draw_id),
            "programme": draw.programme_code,
            "programme_name": self.named(draw.programme_name, draw.programme_name_en),
            "name": self.named(draw.name, draw.name_en),
            "state": draw.state,
            "opens_at": moment(draw.opens_at),
            "closes_at": moment(draw.closes_at),
            "first_day": draw.first_day.isoformat(),
            "last_day": draw.last_day.isoformat(),
            "places": board.places if board else None,
            "entered_at_least": board.entered[0] if board else None,
            "entered_below": board.entered[1] if board else None,
            "public_source": self.named(draw.public_source, draw.public_source_en),
            "commitment": draw.commitment,
            "entries_digest": draw.entries_digest,
            "public_value": draw.public_value,
            "seed": draw.seed,
            "digest": draw.digest,
            "drawn_at": moment(draw.drawn_at),
            "next": str(draw.next_id) if draw.next_id else None,
        }


class EnterView(BookingView):
    @extend_schema(
        operation_id="draws_enter",
        parameters=[KEY],
        request=schema.DrawEntryIn,
        responses={201: schema.DrawEntryOut, **problems(400, 401, 404, 409, 413, 415, 422)},
    )
    def post(self, request: Request, draw_id: UUID) -> Response:
        """Enter a patient. When within the window makes no difference; a person is in a draw once."""
        wanted = schema.DrawEntryIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        asked, account_id, now = dict(wanted.validated_data), self.signed_in(request), timezone.now()
        patient_id = asked.pop("patient")

        def act() -> dict[str, Any]:
            return _entry(enter(account_id=account_id, patient_id=patient_id, draw_id=draw_id, now=now, **asked))

        return self.once(request, act, status=201)


class MyEntriesView(BookingView):
    @extend_schema(operation_id="draws_entries_list", responses={200: schema.DrawEntryList, **problems(401)})
    def get(self, request: Request) -> Response:
        """Your people's entries that were not withdrawn, the newest first."""
        found = my_entries(self.signed_in(request), now=timezone.now())
        return Response({"results": [_entry(one) for one in found], "next": None}, headers=PRIVATE)


class MyEntryView(BookingView):
    @extend_schema(operation_id="draws_entries_read", responses={200: schema.DrawEntryOut, **problems(401, 404)})
    def get(self, request: Request, entry_id: UUID) -> Response:
        """One of them, also a withdrawn one."""
        return Response(_entry(self._own(request, entry_id)), headers=PRIVATE)

    @extend_schema(
        operation_id="draws_entries_change",
        request=schema.WishIn,
        responses={200: schema.DrawEntryOut, **problems(400, 401, 404, 409, 413, 415, 422)},
    )
    def patch(self, request: Request, entry_id: UUID) -> Response:
        """Wish for something else until the entries close; what is left out stays as it is. The code stays too."""
        wanted = schema.WishIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        entry = self._own(request, entry_id)
        before = {"sites": [site.code for site in entry.sites], "days": entry.days, "any_site": entry.any_site}
        asked = {**before, **wanted.validated_data}
        made = change(account_id=self.signed_in(request), entry_id=entry_id, now=timezone.now(), **asked)
        return Response(_entry(made), headers=PRIVATE)

    @extend_schema(operation_id="draws_entries_withdraw", responses={204: None, **problems(401, 404, 409)})
    def delete(self, request: Request, entry_id: UUID) -> Response:
        """Take it out of the draw, until the entries close; a second time changes nothing."""
        withdraw(account_id=self.signed_in(request), entry_id=entry_id, now=timezone.now())
        return Response(status=204)

    def _own(self, request: Request, entry_id: UUID) -> MyEntry:
        entry = my_entry(self.signed_in(request), entry_id, now=timezone.now())
        if entry is None:
            raise NotFound(what="entry")
        return entry


def _entry(facts: MyEntry) -> dict[str, Any]:
    return {
        "id": str(facts.entry_id),
        "code": facts.code,
        "draw": str(facts.draw.draw_id),
        "programme": facts.draw.programme_code,
        "patient": {"id": str(facts.patient_id), "name_masked": masked_name(facts.patient_name)},
        "sites": [site.code for site in facts.sites],
        "days": [day.isoformat() for day in facts.days],
        "any_site": facts.any_site,
        "rounds_lost": facts.rounds_lost,
        "entered_at": moment(facts.entered_at),
        "state": fate(facts),
        "rank": facts.rank,
        "appointment": facts.reference,
    }
