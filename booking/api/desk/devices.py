"""The devices of a site's desks: which of them still keep what was done."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.views import PRIVATE
from booking.api.desk.base import DeskView
from booking.api.desk.serializers import SiteIn
from booking.queries.desk.devices import devices_of


class DeviceOut(serializers.Serializer):
    """`pending` is what it said, when it was last seen, that it had still to send."""

    id = serializers.UUIDField()
    desk = serializers.CharField(allow_blank=True)
    user = serializers.CharField()
    seen_at = serializers.DateTimeField()
    pending = serializers.IntegerField()
    last_sequence = serializers.IntegerField()
    clock_ahead_ms = serializers.IntegerField()


class DevicesOut(serializers.Serializer):
    results = DeviceOut(many=True)


class DevicesView(DeskView):
    @extend_schema(
        operation_id="desk_devices", parameters=[SiteIn], responses={200: DevicesOut, **problems(400, 401, 403, 404)}
    )
    def get(self, request: Request) -> Response:
        """The devices that were seen these two weeks, last seen first. For supervisors."""
        wanted = SiteIn(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        site = self.at(request, wanted.validated_data["site"], what="send_for_others")
        return Response({"results": devices_of(site_id=site.pk, now=timezone.now())}, headers=PRIVATE)
