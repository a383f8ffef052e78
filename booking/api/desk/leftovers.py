"""Leftover doses: a round begins, its replies come in, it is stopped."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.views import KEY, PRIVATE
from booking.api.desk.base import DeskView
from booking.api.desk.serializers import SiteIn
from booking.api.reasons import CANNOT_BEGIN
from booking.api.serializers import STATUSES
from booking.api.waitlist import STATES
from booking.operations.waitlist.begin_leftovers import begin_leftovers
from booking.operations.waitlist.stop_leftovers import stop_leftovers
from booking.queries.desk.leftovers import leftover_rounds
from booking.rules.leftovers import LEAST_FOR_A_ROUND, MOST_DOSES
from booking.rules.messages import is_quiet
from sites.models import Site

# As people on the waitlist read it too.
RULE = _("先通知点名本接种点的，再本区的，再全市的（住得近的先）；同一级先登记先通知。")


class RoundIn(serializers.Serializer):
    site = serializers.CharField(max_length=20)
    programme = serializers.SlugField(max_length=40)
    doses = serializers.IntegerField(min_value=1, max_value=MOST_DOSES)
    until = serializers.DateTimeField(help_text="By when whoever accepts is to be there: today.")
    batch = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")


class ReplyOut(serializers.Serializer):
    """Whom the round has asked; of a yes the appointment, how that stands, and whether they still come for the dose."""

    id = serializers.UUIDField()
    name = serializers.CharField(help_text="Masked.")
    state = serializers.ChoiceField(choices=STATES)
    made_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    comes = serializers.BooleanField()
    reference = serializers.RegexField(r"^[0-9]{12}$", allow_null=True)
    appointment_status = serializers.ChoiceField(choices=STATUSES, allow_null=True)


class RoundOut(serializers.Serializer):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=("running", "done", "over", "stopped"))
    programme = serializers.CharField()
    programme_name = serializers.CharField()
    programme_name_en = serializers.CharField(allow_blank=True)
    batch = serializers.CharField(allow_blank=True)
    doses = serializers.IntegerField()
    promised = serializers.IntegerField()
    left = serializers.IntegerField()
    until = serializers.DateTimeField()
    begun_at = serializers.DateTimeField()
    offers = ReplyOut(many=True)


class LeftoversOut(serializers.Serializer):
    """Today's rounds, the latest first."""

    rule = serializers.CharField()
    quiet = serializers.CharField(allow_blank=True, help_text="Why no round can begin at this time of day.")
    answer_minutes = serializers.IntegerField()
    least_minutes = serializers.IntegerField()
    rounds = RoundOut(many=True)


class LeftoversView(DeskView):
    @extend_schema(
        operation_id="desk_leftovers",
        parameters=[SiteIn],
        responses={200: LeftoversOut, **problems(400, 401, 403, 404)},
    )
    def get(self, request: Request) -> Response:
        """Today's rounds with what people have answered so far."""
        wanted = SiteIn(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        site = self.at(request, wanted.validated_data["site"], what="leftovers")
        return Response(_shown(site), headers=PRIVATE)

    @extend_schema(
        operation_id="desk_leftovers_begin",
        parameters=[KEY],
        request=RoundIn,
        responses={201: LeftoversOut, **problems(400, 401, 403, 404, 409, 413, 415, 422, 503)},
    )
    def post(self, request: Request) -> Response:
        """Offer so many leftover doses to the waitlist; the first people are asked at once."""
        wanted = RoundIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        asked = dict(wanted.validated_data)
        site = self.at(request, asked.pop("site"), what="leftovers")
        by, now = self.staff(request).pk, timezone.now()

        def act() -> dict[str, Any]:
            begin_leftovers(site_id=site.pk, by=by, now=now, **asked)
            return _shown(site)

        return self.once(request, act, status=201)


class StopView(DeskView):
    @extend_schema(
        operation_id="desk_leftovers_stop",
        request=SiteIn,
        responses={200: LeftoversOut, **problems(400, 401, 403, 404, 413, 415)},
    )
    def post(self, request: Request, round_id: UUID) -> Response:
        """Ask nobody else and withdraw what is open; what was accepted stays."""
        wanted = SiteIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        site = self.at(request, wanted.validated_data["site"], what="leftovers")
        stop_leftovers(site_id=site.pk, round_id=round_id, now=timezone.now())
        return Response(_shown(site), headers=PRIVATE)


def _shown(site: Site) -> dict[str, Any]:
    now = timezone.now()
    return {
        "rule": str(RULE),
        "quiet": str(CANNOT_BEGIN["quiet"]) if is_quiet(timezone.localtime(now)) else "",
        "answer_minutes": settings.LEFTOVER_ANSWER_MINUTES,
        "least_minutes": int(LEAST_FOR_A_ROUND.total_seconds()) // 60,
        "rounds": leftover_rounds(site_id=site.pk, now=now),
    }
