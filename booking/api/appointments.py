"""A citizen's appointments: list, one, calendar file, QR code, cancel, restore, move; and holds."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.problems import Problem
from accounts.api.views import KEY, PRIVATE, ApiView
from booking.api import representation
from booking.api.book import book_appointment
from booking.api.errors import problem_of
from booking.api.serializers import (
    AppointmentIn,
    AppointmentList,
    AppointmentOut,
    HoldIn,
    HoldOut,
    MoveIn,
    StateIn,
    brought_of,
)
from booking.operations.cancel import cancel, restore
from booking.operations.hold import drop, hold
from booking.operations.move import move
from booking.operations.refusals import NotFound, Refusal
from booking.queries.appointments import AppointmentFacts, appointment_of, appointments_of
from booking.queries.calendar_file import calendar_file
from booking.queries.pace import booking_pace
from booking.queries.qr_codes import qr_image, qr_payload

KEY_REQUIRED = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, required=True, description="8 to 64 visible ASCII characters."
)

_PACE_WORDS = _("点得太快了，请稍等再试。")


class BookingView(ApiView):
    """Turns refusals into problem documents."""

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, Refusal):
            status, code, detail, facts, headers = problem_of(exc, self.language)
            exc = Problem(status, code, detail, headers=headers, **facts)
        return super().handle_exception(exc)

    def shown(self, facts: AppointmentFacts) -> dict[str, Any]:
        return representation.appointment(facts, self.language)

    def own(self, request: Request, reference: str) -> AppointmentFacts:
        """The caller's appointment. Raises NotFound, also for somebody else's."""
        facts = appointment_of(self.signed_in(request), reference)
        if facts is None:
            raise NotFound(what="appointment")
        return facts


class AppointmentsView(BookingView):
    @extend_schema(
        operation_id="appointments_list",
        parameters=[StateIn],
        responses={200: AppointmentList, **problems(400, 401)},
    )
    def get(self, request: Request) -> Response:
        """What you have booked, newest first."""
        wanted = StateIn(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        state = wanted.validated_data.get("state")
        found = appointments_of(self.signed_in(request), status=state.upper() if state else None)
        return Response({"results": [self.shown(facts) for facts in found], "next": None}, headers=PRIVATE)

    @extend_schema(
        operation_id="appointments_create",
        parameters=[KEY_REQUIRED],
        request=AppointmentIn,
        responses={201: AppointmentOut, **problems(400, 401, 404, 409, 413, 415, 422, 429, 503)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Book a patient into a slot."""
        return book_appointment(request._request)


def appointments(request: HttpRequest) -> HttpResponse:
    """GET lists, POST books; booking does not pass through REST framework."""
    if request.method == "POST":
        return book_appointment(request)
    return _listing(request)


_listing = AppointmentsView.as_view()
# The schema is generated from the class behind the address.
appointments.cls = AppointmentsView  # type: ignore[attr-defined]
appointments.initkwargs = {}  # type: ignore[attr-defined]
appointments.csrf_exempt = True  # type: ignore[attr-defined]


class AppointmentView(BookingView):
    @extend_schema(responses={200: AppointmentOut, **problems(401, 404)})
    def get(self, request: Request, reference: str) -> Response:
        """One of your appointments."""
        return Response(self.shown(self.own(request, reference)), headers=PRIVATE)


class CalendarView(BookingView):
    @extend_schema(responses={(200, "text/calendar"): str, **problems(401, 404)})
    def get(self, request: Request, reference: str) -> HttpResponse:
        """The appointment for the phone's calendar, with reminders the evening before and two hours before."""
        body = calendar_file(self.own(request, reference), self.language, now=timezone.now())
        headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{reference}.ics"'}
        return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)


class QrView(BookingView):
    @extend_schema(responses={(200, "image/svg+xml"): OpenApiResponse(str), **problems(401, 404)})
    def get(self, request: Request, reference: str) -> HttpResponse:
        """The QR code to show at the door."""
        body = qr_image(qr_payload(self.own(request, reference).reference))
        return HttpResponse(body, content_type="image/svg+xml", headers=PRIVATE)


class CancelView(BookingView):
    @extend_schema(
        parameters=[KEY], request=None, responses={200: AppointmentOut, **problems(400, 401, 404, 409, 413, 415, 422)}
    )
    def post(self, request: Request, reference: str) -> Response:
        """Give the appointment up."""
        account_id, now = self.signed_in(request), timezone.now()
        return self.once(request, lambda: self.shown(cancel(account_id=account_id, reference=reference, now=now)))


class RestoreView(BookingView):
    @extend_schema(
        parameters=[KEY],
        request=None,
        responses={200: AppointmentOut, **problems(400, 401, 404, 409, 413, 415, 422, 503)},
    )
    def post(self, request: Request, reference: str) -> Response:
        """Undo a cancellation."""
        account_id, now = self.signed_in(request), timezone.now()
        return self.once(request, lambda: self.shown(restore(account_id=account_id, reference=reference, now=now)))


class MoveView(BookingView):
    @extend_schema(
        parameters=[KEY],
        request=MoveIn,
        responses={200: AppointmentOut, **problems(400, 401, 404, 409, 413, 415, 422, 503)},
    )
    def post(self, request: Request, reference: str) -> Response:
        """Move the appointment to another slot of the same programme."""
        wanted = MoveIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        slot_id = wanted.validated_data["slot"]
        key = request.headers.get("Idempotency-Key") or f"to-{slot_id}"
        account_id, now = self.signed_in(request), timezone.now()
        brought = brought_of(wanted.validated_data, self.own(request, reference).patient_id)

        def act() -> dict[str, Any]:
            moved = move(
                account_id=account_id,
                reference=reference,
                slot_id=slot_id,
                request_key=key,
                now=now,
                brought=brought,
            )
            return self.shown(moved)

        return self.once(request, act)


class HoldsView(BookingView):
    @extend_schema(
        parameters=[KEY],
        request=HoldIn,
        responses={201: HoldOut, **problems(400, 401, 404, 409, 413, 415, 422, 429, 503)},
    )
    def post(self, request: Request) -> Response:
        """Keep a place for a patient for five minutes; it replaces the patient's earlier hold."""
        wanted = HoldIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        wait = booking_pace.wait(self.signed_in(request))
        if wait:
            raise Problem(429, "too_many_requests", str(_PACE_WORDS), headers={"Retry-After": str(wait)})
        account_id, now, asked = self.signed_in(request), timezone.now(), wanted.validated_data

        def act() -> dict[str, Any]:
            held = hold(
                account_id=account_id,
                patient_id=asked["patient"],
                slot_id=asked["slot"],
                now=now,
                brought=brought_of(asked, asked["patient"]),
            )
            return representation.hold(held)

        return self.once(request, act, status=201)


class HoldView(BookingView):
    @extend_schema(responses={204: None, **problems(401, 404)})
    def delete(self, request: Request, hold_id: str) -> Response:
        """Give a held place back."""
        drop(token=hold_id, account_id=self.signed_in(request))
        return Response(status=204)
