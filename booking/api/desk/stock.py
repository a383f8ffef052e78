"""A site's batches, doses that come and go, and the day's close."""

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.views import PRIVATE
from booking.api.desk.base import DeskView
from booking.api.desk.serializers import SiteIn
from booking.api.desk.stock_fields import CloseIn, FinishIn, ReceiveIn, ReopenIn, StockOut, TakeOutIn
from booking.models import MovementKind, Vaccine
from booking.operations.stock.close_day import close_day, reopen_day
from booking.operations.stock.move_stock import Delivery, finish, receive, take_out
from booking.queries.desk.open_ends import open_ends
from booking.queries.desk.stock import BatchRow, close_of, stock_of
from booking.rules.stock import is_expired
from sites.models import Site

_PROBLEMS = problems(400, 401, 403, 404, 409, 413, 415, 422)


class _StockCall(DeskView):
    """Every call answers how the stock stands after it."""

    def shown(self, site: Site) -> Response:
        today, english = timezone.localdate(), get_language() == "en"
        closed = close_of(site, day=today)
        body: dict[str, Any] = {
            "date": today,
            "batches": [_batch(row, english=english) for row in stock_of(site, day=today)],
            "vaccines": [
                {"code": vaccine.code, "name": vaccine.name_en if english else vaccine.name}
                for vaccine in Vaccine.objects.order_by("code")
            ],
            **open_ends(site, day=today),
            "closed": closed
            and {
                "at": closed.close.at,
                "by": closed.close.by.known_as(),
                "explanation": closed.close.explanation,
                "moved_since": closed.moved_since,
            },
        }
        return Response(body, headers=PRIVATE)

    def asked(self, request: Request, fields: type[serializers.Serializer], *, what: str) -> dict[str, Any]:
        """The body's fields, once the caller is known to have a post at its site that allows it."""
        where = SiteIn(data=request.data)
        where.is_valid(raise_exception=True)
        self.at(request, where.validated_data["site"], what=what)
        wanted = fields(data=request.data)
        wanted.is_valid(raise_exception=True)
        return dict(wanted.validated_data)


class StockView(_StockCall):
    @extend_schema(
        operation_id="desk_stock", parameters=[SiteIn], responses={200: StockOut, **problems(400, 401, 403, 404)}
    )
    def get(self, request: Request) -> Response:
        """The site's batches with what today has done to them, and what is in the way of closing the day."""
        wanted = SiteIn(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        return self.shown(self.at(request, wanted.validated_data["site"], what="stock"))


class ReceiveView(_StockCall):
    @extend_schema(operation_id="desk_stock_receive", request=ReceiveIn, responses={200: StockOut, **_PROBLEMS})
    def post(self, request: Request) -> Response:
        """Doses of a batch have come. The same `key` again changes nothing."""
        asked = self.asked(request, ReceiveIn, what="stock")
        delivery = Delivery(
            vaccine=asked["vaccine"],
            number=asked["number"],
            expires_on=asked["expires_on"],
            doses_per_vial=asked["doses_per_vial"],
            pack_code=asked["pack_code"],
        )
        by = self.signed_in(request)
        receive(site=self.site, delivery=delivery, doses=asked["doses"], by=by, key=asked["key"], now=timezone.now())
        return self.shown(self.site)


class TakeOutView(_StockCall):
    @extend_schema(operation_id="desk_stock_take_out", request=TakeOutIn, responses={200: StockOut, **_PROBLEMS})
    def post(self, request: Request) -> Response:
        """Doses were wasted or sent back, and why. The same `key` again changes nothing."""
        asked = self.asked(request, TakeOutIn, what="stock")
        take_out(
            site=self.site,
            batch_id=asked["batch"],
            kind=MovementKind(asked["kind"].upper()),
            doses=asked["doses"],
            reason=asked["reason"],
            by=self.signed_in(request),
            key=asked["key"],
            now=timezone.now(),
        )
        return self.shown(self.site)


class FinishView(_StockCall):
    @extend_schema(operation_id="desk_stock_finish", request=FinishIn, responses={200: StockOut, **_PROBLEMS})
    def post(self, request: Request) -> Response:
        """A batch is used up, so that no desk offers it; or it is not after all."""
        asked = self.asked(request, FinishIn, what="stock")
        finish(site=self.site, batch_id=asked["batch"], finished=asked["finished"], now=timezone.now())
        return self.shown(self.site)


class DayCloseView(_StockCall):
    @extend_schema(operation_id="desk_day_close", request=CloseIn, responses={200: StockOut, **_PROBLEMS})
    def post(self, request: Request) -> Response:
        """Close today with what was counted of each batch; a day that is closed stays as it was closed."""
        asked = self.asked(request, CloseIn, what="close_day")
        close_day(
            site=self.site,
            day=timezone.localdate(),
            counted={one["batch"]: one["doses"] for one in asked["counted"]},
            explanation=asked["explanation"],
            by=self.staff(request),
            now=timezone.now(),
        )
        return self.shown(self.site)


class ReopenView(_StockCall):
    @extend_schema(operation_id="desk_day_reopen", request=ReopenIn, responses={200: StockOut, **_PROBLEMS})
    def post(self, request: Request) -> Response:
        """Open today again, to count anew."""
        asked = self.asked(request, ReopenIn, what="close_day")
        day, now = timezone.localdate(), timezone.now()
        reopen_day(site=self.site, day=day, reason=asked["reason"], by=self.staff(request), now=now)
        return self.shown(self.site)


def _batch(row: BatchRow, *, english: bool) -> dict[str, Any]:
    batch, day = row.batch, row.day
    return {
        "id": batch.pk,
        "number": batch.number,
        "vaccine": batch.vaccine.code,
        "vaccine_name": batch.vaccine.name_en if english else batch.vaccine.name,
        "expires_on": batch.expires_on,
        "expired": is_expired(batch.expires_on, today=timezone.localdate()),
        "finished": batch.finished_at is not None,
        "pack_code": batch.pack_code,
        **asdict(day),
        "left": day.left,
    }
