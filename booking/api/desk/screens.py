"""The screens in a site's waiting room: paired by the code that they show, and ended."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.problems import Problem
from accounts.api.views import PRIVATE
from accounts.tries import CannotCount, counted
from booking.api.desk.base import DeskView
from booking.api.desk.serializers import SiteIn
from booking.operations.refusals import NotFound
from booking.operations.screens.pairing import end, pair
from booking.queries.desk.screens import screens_of

CODES_AN_HOUR = 20
_HOUR = 3600


class ScreenIn(SiteIn):
    code = serializers.RegexField(r"^[0-9]{6}\Z", help_text="The six digits that the screen shows.")


class ScreenOut(serializers.Serializer):
    id = serializers.UUIDField()
    paired_at = serializers.DateTimeField()
    paired_by = serializers.CharField()


class ScreensOut(serializers.Serializer):
    screens = ScreenOut(many=True)


class ScreensView(DeskView):
    @extend_schema(
        operation_id="desk_screens", parameters=[SiteIn], responses={200: ScreensOut, **problems(400, 401, 403, 404)}
    )
    def get(self, request: Request) -> Response:
        """The site's screens that are paired."""
        wanted = SiteIn(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        site = self.at(request, wanted.validated_data["site"], what="pair_screen")
        return Response({"screens": screens_of(site.pk)}, headers=PRIVATE)

    @extend_schema(
        operation_id="desk_pair_screen",
        request=ScreenIn,
        responses={200: ScreensOut, **problems(400, 401, 403, 404, 413, 415, 429, 503)},
    )
    def post(self, request: Request) -> Response:
        """Make the screen that shows this code the site's."""
        wanted = ScreenIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        site, user = self.at(request, wanted.validated_data["site"], what="pair_screen"), self.staff(request)
        _count(user.pk)
        try:
            pair(wanted.validated_data["code"], site=site, by=user.pk, now=timezone.now())
        except NotFound:
            raise Problem(404, "no_such_code", _("没有屏幕在显示这个码。请看屏幕上现在的码，再输一次。")) from None
        return Response({"screens": screens_of(site.pk)}, headers=PRIVATE)


class ScreenView(DeskView):
    @extend_schema(
        operation_id="desk_end_screen",
        parameters=[SiteIn],
        responses={200: ScreensOut, **problems(400, 401, 403, 404)},
    )
    def delete(self, request: Request, screen_id: UUID) -> Response:
        """The screen shows nothing of the site from now on."""
        wanted = SiteIn(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        site = self.at(request, wanted.validated_data["site"], what="pair_screen")
        end(screen_id, site=site, now=timezone.now())
        return Response({"screens": screens_of(site.pk)}, headers=PRIVATE)


def _count(user_id: int) -> None:
    try:
        tries = counted(f"desk:screens:{user_id}", seconds=_HOUR)
    except CannotCount:
        raise Problem(503, "busy", _("现在不能配对，请过几秒再试。"), headers={"Retry-After": "5"}) from None
    if tries > CODES_AN_HOUR:
        words = _("试的次数太多。请一小时后再试。")
        raise Problem(429, "too_many_requests", words, headers={"Retry-After": str(_HOUR)})
