"""People without an appointment of today: what they can have, a ticket for it, or their own of another day."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.ages import age_on
from accounts.api.problem_schema import problems
from accounts.api.problems import Problem
from accounts.api.views import KEY, PRIVATE
from accounts.tries import CannotCount, counted
from booking.api.desk.base import DeskView
from booking.api.desk.one_act import DoneIn, OneActView
from booking.api.desk.serializers import SiteIn
from booking.api.desk.walk_in_schema import OptionsIn, OptionsOut, WalkInIn, WalkInOut, WalkInsOut
from booking.api.errors import problem_of
from booking.models import ActKind
from booking.operations.desk.answer import Answer
from booking.operations.walk_ins.examine_person import Said
from booking.operations.walk_ins.options import Option, options
from booking.operations.walk_ins.refusals import NoPlaceToday
from booking.queries.desk.rows import rows_at
from booking.queries.desk.tickets import ticket_of, tickets_of
from booking.queries.desk.walk_in_places import WalkInPlace, walk_in_places
from booking.queries.moments import moment
from booking.queries.nearest import nearest
from sites.queries import active_sites

LOOKS_AN_HOUR = 120
_HOUR = 3600


class _TicketView(OneActView):
    def told(self, answer: Answer) -> Response:
        """The ticket, or the refusal."""
        if answer.refusal is not None:
            raise answer.refusal
        row = rows_at(self.site.pk, [answer.reference]).get(answer.reference)
        body = {"ticket": ticket_of(answer.reference), "row": row, "repeated": answer.repeated}
        return Response(body, headers=PRIVATE)


class WalkInsView(_TicketView):
    @extend_schema(
        operation_id="desk_walk_ins", parameters=[SiteIn], responses={200: WalkInsOut, **problems(400, 401, 404)}
    )
    def get(self, request: Request) -> Response:
        """The places that the site can give today without an appointment, and the tickets that it has given."""
        wanted = SiteIn(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        site, now = self.at(request, wanted.validated_data["site"]), timezone.now()
        places = [
            {**_place(one), "programme": one.programme_code, "origin": one.source.lower(), "count": one.count}
            for one in walk_in_places(site.pk, now=now)
        ]
        return Response({"places": places, "tickets": tickets_of(site.pk, now=now)}, headers=PRIVATE)

    @extend_schema(
        operation_id="desk_walk_in",
        parameters=[KEY],
        request=WalkInIn,
        responses={200: WalkInOut, **problems(400, 401, 403, 404, 409, 413, 415, 422, 503)},
    )
    def post(self, request: Request) -> Response:
        """Give somebody a place of today. The same key again returns the ticket that it gave."""
        wanted = WalkInIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        sent = dict(wanted.validated_data)
        self.at(request, sent.get("site"))
        data = {name: sent.get(name) for name in ("programme", "name", "phone", "slot", "document_type", "sex")}
        born = sent.get("birth_date")
        data |= {"document_number": sent["document_number"], "birth_date": born.isoformat() if born else ""}
        return self.told(self.carry_out(request, ActKind.WALK_IN, "", sent, data))


class BringForwardView(_TicketView):
    @extend_schema(
        operation_id="desk_bring_forward",
        parameters=[KEY],
        request=DoneIn,
        responses={200: WalkInOut, **problems(400, 401, 403, 404, 409, 413, 415, 422, 503)},
    )
    def post(self, request: Request, reference: str) -> Response:
        """Move the site's appointment of another day to a place of today."""
        wanted = DoneIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        sent = {**wanted.validated_data, "offline": False}
        self.at(request, sent.get("site"))
        return self.told(self.carry_out(request, ActKind.BRING_FORWARD, reference, sent, {}))


class OptionsView(DeskView):
    @extend_schema(
        operation_id="desk_walk_in_options",
        request=OptionsIn,
        responses={200: OptionsOut, **problems(400, 401, 403, 404, 413, 415, 422, 429, 503)},
    )
    def post(self, request: Request) -> Response:
        """What the person with this document can have today, by their doses in every account. It leaves a trace."""
        wanted = OptionsIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        asked, now = wanted.validated_data, timezone.now()
        site, user = self.at(request, asked["site"], what="WALK_IN"), self.staff(request)
        _count(user.pk)
        said = Said(asked["document_type"], asked["document_number"], "", asked.get("birth_date"), asked.get("sex"))
        who, found = options(said, site=site, by=user, now=now)
        body = {
            "age": age_on(who.birth_date, timezone.localdate(now)),
            "sex": who.sex,
            "tail": who.number[-4:],
            "options": [self._option(one, now=now) for one in found],
        }
        return Response(body, headers=PRIVATE)

    def _option(self, option: Option, *, now: datetime) -> dict[str, Any]:
        code = detail = ""
        facts: dict[str, Any] = {}
        if option.refusal is not None:
            _status, code, detail, facts, _headers = problem_of(option.refusal, self.language)
        programme = option.programme
        return {
            "programme": programme.code,
            "name": programme.name,
            "name_en": programme.name_en,
            "dose": option.dose,
            "doses": programme.doses,
            "place": _place(option.place) if option.place else None,
            "code": code,
            "detail": detail,
            "facts": facts,
            "near": _near(option, now=now),
        }


def _place(place: WalkInPlace) -> dict[str, Any]:
    return {
        "slot": place.slot_id,
        "starts_at": moment(place.starts_at),
        "ends_at": moment(place.ends_at),
        "return_at": moment(place.return_at),
    }


def _near(option: Option, *, now: datetime) -> list[dict[str, Any]]:
    if option.near_slot is None or not isinstance(option.refusal, NoPlaceToday):
        return []
    sites = {site.code: site for site in active_sites()}
    return [
        {
            "site": one.site_code,
            "site_name": sites[one.site_code].name,
            "site_name_en": sites[one.site_code].name_en,
            "starts_at": moment(one.starts_at),
            "places_left": one.places_left,
        }
        for one in nearest(option.near_slot, now=now)
        if one.site_code in sites
    ]


def _count(user_id: int) -> None:
    try:
        tries = counted(f"desk:walk-ins:{user_id}", seconds=_HOUR)
    except CannotCount:
        raise Problem(503, "busy", _("现在查不了，请过几秒再试。"), headers={"Retry-After": "5"}) from None
    if tries > LOOKS_AN_HOUR:
        words = _("这一小时查得太多了。请稍后再试。")
        raise Problem(429, "too_many_requests", words, headers={"Retry-After": str(_HOUR)})
