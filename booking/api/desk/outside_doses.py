"""Doses that were given elsewhere: read from a paper at the desk, entered, taken back, voided."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.views import KEY, PRIVATE
from booking.api.desk.base import DeskView
from booking.api.desk.find import count_search
from booking.api.desk.outside_dose_schema import (
    EnteredOut,
    EnterIn,
    LookIn,
    OutsideDosesOut,
    TakeBackIn,
    VoidedOut,
    VoidIn,
)
from booking.models import Appointment, OutsideDose
from booking.operations.outside_doses.enter import Said, enter_outside_dose
from booking.operations.outside_doses.void import take_back_outside_dose, void_outside_dose
from booking.operations.outside_doses.whose import Whose, whose
from booking.queries.moments import moment
from booking.queries.outside_doses import outside_doses_of, series_and_vaccines
from sites.models import Site

_SERIES = "dose", "given_on", "where", "evidence", "batch", "vaccine", "programme"


class _View(DeskView):
    def person(self, request: Request, site: Site, asked: dict[str, Any]) -> Whose:
        """Whose doses: the person of one of the site's appointments, or whoever shows a document, which is a search."""
        if not asked.get("reference"):
            count_search(self.staff(request).pk)
        return whose(
            site_id=site.pk,
            reference=asked.get("reference", ""),
            document_type=asked.get("document_type", ""),
            document_number=asked.get("document_number", ""),
            reason=asked.get("reason", ""),
            by=self.staff(request),
            now=timezone.now(),
        )


class LookView(_View):
    @extend_schema(
        operation_id="desk_outside_doses",
        request=LookIn,
        responses={200: OutsideDosesOut, **problems(400, 401, 403, 404, 413, 415, 422, 429, 503)},
    )
    def post(self, request: Request) -> Response:
        """What is known of somebody's doses elsewhere, and what can be entered. By document it leaves a trace."""
        wanted = LookIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        asked = wanted.validated_data
        site = self.at(request, asked["site"], what="outside_dose")
        found = self.person(request, site, asked)
        body = {
            "tail": found.tail,
            "doses": [_shown(one) for one in outside_doses_of([found.person])],
            "programmes": series_and_vaccines(),
        }
        return Response(body, headers=PRIVATE)


class OutsideDosesView(_View):
    @extend_schema(
        operation_id="desk_outside_dose_enter",
        parameters=[KEY],
        request=EnterIn,
        responses={201: EnteredOut, **problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 503)},
    )
    def post(self, request: Request) -> Response:
        """Enter a dose that a paper shows; from now on it counts everywhere. A repeat with the same key is one."""
        wanted = EnterIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        asked = wanted.validated_data
        site, user = self.at(request, asked["site"], what="outside_dose"), self.staff(request)
        said = Said(**{name: asked[name] for name in _SERIES})

        def act() -> dict[str, Any]:
            found = self.person(request, site, asked)
            row = enter_outside_dose(
                person=found.person,
                born_on=found.born_on,
                said=said,
                by=user,
                now=timezone.now(),
                district_code=site.district_id,
            )
            return {"dose": _shown(row)}

        return self.once(request, act, status=201)


class TakeBackView(DeskView):
    @extend_schema(
        operation_id="desk_outside_dose_take_back",
        request=TakeBackIn,
        responses={204: None, **problems(400, 401, 403, 404, 409, 413, 415)},
    )
    def post(self, request: Request, outside_dose_id: UUID) -> Response:
        """Undo within a minute what the caller has entered."""
        wanted = TakeBackIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        self.at(request, wanted.validated_data["site"], what="outside_dose")
        take_back_outside_dose(outside_dose_id=outside_dose_id, by=self.staff(request), now=timezone.now())
        return Response(status=204)


class VoidView(DeskView):
    @extend_schema(
        operation_id="desk_outside_dose_void",
        request=VoidIn,
        responses={200: VoidedOut, **problems(400, 401, 403, 404, 413, 415, 422)},
    )
    def post(self, request: Request, outside_dose_id: UUID) -> Response:
        """Mark a dose as wrong, with a reason. Says which later doses of the person stay booked without it."""
        wanted = VoidIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        site = self.at(request, wanted.validated_data["site"], what="void_outside_dose")
        later = void_outside_dose(
            outside_dose_id=outside_dose_id,
            reason=wanted.validated_data["reason"],
            by=self.staff(request),
            now=timezone.now(),
            district_code=site.district_id,
        )
        return Response({"later_booked": _booked(later)}, headers=PRIVATE)


def _booked(later: Sequence[Appointment]) -> list[dict[str, Any]]:
    return [{"dose": row.dose, "starts_at": moment(row.slot.starts_at)} for row in later]


def _shown(row: OutsideDose) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "programme": row.programme.code,
        "programme_name": row.programme.name,
        "programme_name_en": row.programme.name_en,
        "vaccine_name": row.vaccine.name,
        "vaccine_name_en": row.vaccine.name_en,
        "dose": row.dose,
        "given_on": row.given_on.isoformat(),
        "where": row.where,
        "batch": row.batch,
        "evidence": row.evidence,
        "entered_at": moment(row.entered_at),
    }
