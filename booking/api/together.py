"""Several people in one visit, or both doses: held together, booked together; and a hold kept longer."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.problems import Problem
from accounts.api.views import KEY, PRIVATE
from accounts.request_keys import well_formed
from booking.api import representation
from booking.api.appointments import KEY_REQUIRED, BookingView
from booking.api.serializers import (
    AppointmentsTogetherIn,
    AppointmentsTogetherOut,
    HoldOut,
    HoldsTogetherIn,
    HoldsTogetherOut,
    brought_of,
)
from booking.operations.book_together import book_together
from booking.operations.hold_together import extend, hold_together
from booking.operations.refusals import HoldExpired, SlotFull
from booking.queries.nearest import nearest
from booking.queries.pace import booking_pace


class TogetherView(BookingView):
    """Says beside a full slot which slots near it have room."""

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, (SlotFull, HoldExpired)) and "slot" in exc.facts:
            exc = exc.about(nearest=nearest(exc.facts["slot"], now=timezone.now()))
        return super().handle_exception(exc)

    def at_their_pace(self, request: Request) -> int:
        """The account that asks. Raises Problem if it asks too often."""
        account_id = self.signed_in(request)
        wait = booking_pace.wait(account_id)
        if wait:
            words = _("点得太快了，请稍等再试。")
            raise Problem(429, "too_many_requests", words, headers={"Retry-After": str(wait)})
        return account_id


def _pairs(wishes: list[dict[str, Any]]) -> list[tuple[UUID, int]]:
    return [(wish["patient"], wish["slot"]) for wish in wishes]


class AppointmentsTogetherView(TogetherView):
    @extend_schema(
        operation_id="appointments_create_together",
        parameters=[KEY_REQUIRED],
        request=AppointmentsTogetherIn,
        responses={201: AppointmentsTogetherOut, **problems(400, 401, 404, 409, 413, 415, 422, 429, 503)},
    )
    def post(self, request: Request) -> Response:
        """Book up to four people, and one or two doses each: all or none.

        A refusal names `patient` and `slot` of the one that could not be booked, and `dose` where it is known.
        """
        key = request.headers.get("Idempotency-Key")
        if not key:
            words = _("缺少请求编号。请在 Idempotency-Key 里给出 8 到 64 个字符。")
            raise Problem(400, "request_key_missing", words)
        if not well_formed(key):
            raise Problem(400, "request_key_malformed", _("请求编号应为 8 到 64 个可见的 ASCII 字符。"))
        wanted = AppointmentsTogetherIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        asked = wanted.validated_data
        # Its own transaction carries the request key; nothing has to be kept beside it.
        booked = book_together(
            account_id=self.at_their_pace(request),
            wishes=_pairs(asked["wishes"]),
            request_key=key,
            now=timezone.now(),
            holds=asked.get("holds"),
            brought=brought_of(asked),
        )
        return Response({"results": [self.shown(facts) for facts in booked]}, status=201, headers=PRIVATE)


class HoldsTogetherView(TogetherView):
    @extend_schema(
        operation_id="holds_create_together",
        parameters=[KEY],
        request=HoldsTogetherIn,
        responses={201: HoldsTogetherOut, **problems(400, 401, 404, 409, 413, 415, 422, 429, 503)},
    )
    def post(self, request: Request) -> Response:
        """Keep places for up to four people, and one or two doses each, for five minutes: all or none."""
        wanted = HoldsTogetherIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        account_id, now = self.at_their_pace(request), timezone.now()
        wishes, brought = _pairs(wanted.validated_data["wishes"]), brought_of(wanted.validated_data)

        def act() -> dict[str, Any]:
            held = hold_together(account_id=account_id, wishes=wishes, now=now, brought=brought)
            return {"results": [representation.hold(one) for one in held]}

        return self.once(request, act, status=201)


class ExtendView(TogetherView):
    @extend_schema(
        operation_id="holds_extend",
        parameters=[KEY],
        request=None,
        responses={200: HoldOut, **problems(400, 401, 404, 409, 413, 415, 422, 429, 503)},
    )
    def post(self, request: Request, hold_id: str) -> Response:
        """Keep a held place five minutes longer, once; the answer has its new id. The same call again does nothing."""
        account_id, now = self.at_their_pace(request), timezone.now()
        return self.once(
            request, lambda: representation.hold(extend(tokens=[hold_id], account_id=account_id, now=now)[0])
        )
