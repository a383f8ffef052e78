"""Open to everyone: districts, programmes, sites, slots and availability."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.problems import Problem
from accounts.api.views import ApiView
from booking.api import place_schema as schema
from booking.queries.availability import slots_of_site, with_places
from booking.queries.board import BoardDay, board
from booking.queries.moments import moment
from booking.queries.programmes import DrawWindow, ProgrammeRow, active_programmes
from booking.queries.releases import next_opening, next_openings
from booking.rules.release_setting import NamedCohort
from sites.queries import SiteRow, active_site, active_sites, districts, sites_near

_PAGE = 100
_MOST_DAYS = 31
_DAYS_SHOWN = 14


class PublicView(ApiView):
    """Needs no token, and ignores one."""

    authentication_classes: Any = []
    permission_classes = [AllowAny]

    def named(self, name: str, name_en: str) -> str:
        return (name_en or name) if self.language == "en" else name

    def bad(self, field: str, message: str) -> Problem:
        errors = [{"field": field, "message": message}]
        return Problem(400, "invalid", _("有内容要改，请看 errors。"), errors=errors)

    def programme(self, code: str) -> ProgrammeRow:
        for programme in active_programmes():
            if programme.code == code:
                return programme
        raise self.bad("programme", _("没有这个接种项目。请从 programmes 里选。"))

    def days(self, wanted: dict[str, Any]) -> tuple[date, date]:
        """The days asked for; the next two weeks if none."""
        first = wanted.get("from") or timezone.localdate()
        last = wanted.get("to") or first + timedelta(days=_DAYS_SHOWN - 1)
        if last < first:
            raise self.bad("to", _("结束日期不能早于开始日期。"))
        if (last - first).days >= _MOST_DAYS:
            raise self.bad("to", _("一次最多查 31 天，请分几次查。"))
        return first, last


class DistrictsView(PublicView):
    @extend_schema(responses={200: schema.DistrictList}, auth=[])
    def get(self, request: Request) -> Response:
        """The city's districts."""
        rows = [
            {
                "code": row.code,
                "name": self.named(row.name, row.name_en),
                "longitude": row.longitude,
                "latitude": row.latitude,
            }
            for row in districts()
        ]
        return Response({"results": rows, "next": None})


class ProgrammesView(PublicView):
    @extend_schema(responses={200: schema.ProgrammeList}, auth=[])
    def get(self, request: Request) -> Response:
        """What can be booked, for whom, how it is released and whose turn it is."""
        now = timezone.now()
        openings = next_openings(now=now)
        rows = [
            {
                "code": row.code,
                "name": self.named(row.name, row.name_en),
                "vaccine": self.named(row.vaccine, row.vaccine_en),
                "doses": row.doses,
                "intervals": list(row.intervals),
                "min_age": row.min_age,
                "max_age": row.max_age,
                "sex": row.sex,
                "districts": list(row.districts),
                "release_mode": row.release_mode,
                "cohorts": [self._cohort(one) for one in row.cohorts],
                "draw": self._draw(row.draw),
                "next_opening": moment(next_opening(row, openings, now=now)),
            }
            for row in active_programmes()
        ]
        return Response({"results": rows, "next": None})

    def _cohort(self, cohort: NamedCohort) -> dict[str, Any]:
        rule = cohort.rule
        return {
            "name": self.named(cohort.name, cohort.name_en),
            "digits": sorted(rule.digits),
            "born_from": rule.born_from.isoformat() if rule.born_from else None,
            "born_until": rule.born_until.isoformat() if rule.born_until else None,
            "opens_at": moment(rule.opens_at),
            "closes_at": moment(rule.closes_at),
        }

    def _draw(self, draw: DrawWindow | None) -> dict[str, Any] | None:
        return {"opens_at": moment(draw.opens_at), "closes_at": moment(draw.closes_at)} if draw else None


class SitesView(PublicView):
    @extend_schema(
        parameters=[schema.SitesIn],
        responses={200: schema.SiteList, **problems(400)},
        auth=[],
    )
    def get(self, request: Request) -> Response:
        """Sites by code, or by distance from a point; for a programme also from when there are places."""
        wanted = schema.SitesIn(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        asked = wanted.validated_data
        found: list[SiteRow] = [site for site in active_sites() if asked.get("district") in (None, "", site.district)]
        if asked.get("district") and asked["district"] not in {row.code for row in districts()}:
            raise self.bad("district", _("没有这个区县。请从 districts 里选。"))
        near: dict[str, int] = {}
        if asked.get("near"):
            by_distance = sites_near(asked["near"][0], asked["near"][1], found)
            found, near = [site for site, _m in by_distance], {site.code: metres for site, metres in by_distance}
        days = self._days(asked)
        if asked.get("with_places"):
            found = [site for site in found if any(day.earliest for day in days.get(site.code, []))]
        start = (asked["page"] - 1) * _PAGE
        rows = [self._row(site, near, days.get(site.code), bool(days)) for site in found[start : start + _PAGE]]
        return Response({"results": rows, "next": self._next(request, asked["page"], start + _PAGE < len(found))})

    def _days(self, asked: dict[str, Any]) -> dict[str, list[BoardDay]]:
        if not asked.get("programme"):
            if asked.get("with_places"):
                raise self.bad("programme", _("只看有号的接种点时，请说明接种项目。"))
            return {}
        programme = self.programme(asked["programme"])
        first = timezone.localdate()
        last = first + timedelta(days=_DAYS_SHOWN - 1)
        days: dict[str, list[BoardDay]] = {}
        for day in board(programme=programme.code, first=first, last=last, now=timezone.now()):
            days.setdefault(day.site_code, []).append(day)
        return days

    def _row(
        self, site: SiteRow, near: dict[str, int], days: list[BoardDay] | None, by_programme: bool
    ) -> dict[str, Any]:
        earliest = min((day.earliest for day in days or () if day.earliest), default=None)
        first = next((day for day in days or () if day.earliest == earliest), None)
        return {
            "code": site.code,
            "name": self.named(site.name, site.name_en),
            "district": site.district,
            "address": site.address,
            "phone": site.phone,
            "latitude": site.latitude,
            "longitude": site.longitude,
            "facilities": list(site.facilities),
            "distance_m": near.get(site.code),
            "earliest": moment(earliest),
            "state": (first.state if first else "closed") if by_programme else None,
        }

    def _next(self, request: Request, page: int, more: bool) -> str | None:
        if not more:
            return None
        query = request.query_params.copy()
        query["page"] = str(page + 1)
        return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


class SlotsView(PublicView):
    @extend_schema(parameters=[schema.SlotsIn], responses={200: schema.SlotList, **problems(400, 404)}, auth=[])
    def get(self, request: Request, code: str) -> Response:
        """A site's slots with their places left."""
        wanted = schema.SlotsIn(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        asked = wanted.validated_data
        site = active_site(code)
        if site is None:
            raise Problem(404, "not_found", _("没有这个接种点。请从 sites 里选。"))
        programme = self.programme(asked["programme"]).code if asked.get("programme") else ""
        first, last = self.days(asked)
        rows = slots_of_site(site_id=site.pk, programme=programme, first=first, last=last)
        shown = [
            {
                "id": slot.row.slot_id,
                "site": slot.row.site_code,
                "programme": slot.row.programme_code,
                "starts_at": moment(slot.row.starts_at),
                "ends_at": moment(slot.row.ends_at),
                "opens_at": moment(slot.row.opens_at),
                "quota": slot.row.quota,
                "places_left": slot.places_left,
                "kept_for_later_doses": slot.row.kept_doses,
                "state": slot.state,
            }
            for slot in with_places(rows, now=timezone.now(), for_everybody=True)
        ]
        return Response({"results": shown, "next": None})


class AvailabilityView(PublicView):
    @extend_schema(
        parameters=[schema.AvailabilityIn], responses={200: schema.AvailabilityList, **problems(400)}, auth=[]
    )
    def get(self, request: Request) -> Response:
        """For each site and day of a programme, what is left."""
        wanted = schema.AvailabilityIn(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        asked = wanted.validated_data
        programme = self.programme(asked["programme"]).code
        district = asked.get("district")
        if district and district not in {row.code for row in districts()}:
            raise self.bad("district", _("没有这个区县。请从 districts 里选。"))
        first, last = self.days(asked)
        rows = [
            {
                "site": day.site_code,
                "district": day.district,
                "date": day.day.isoformat(),
                "places_left": day.places_left,
                "state": day.state,
                "earliest": moment(day.earliest),
            }
            for day in board(programme=programme, first=first, last=last, now=timezone.now())
            if district in (None, "", day.district)
        ]
        return Response({"results": rows, "next": None})
