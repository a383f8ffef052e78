"""How a site's day stands."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.views import PRIVATE
from booking.api.desk.base import DeskView
from booking.api.desk.serializers import CountersOut, DayIn
from booking.queries.desk.counters import counters_of


class CountersView(DeskView):
    @extend_schema(
        operation_id="desk_counters", parameters=[DayIn], responses={200: CountersOut, **problems(400, 401, 404)}
    )
    def get(self, request: Request) -> Response:
        """Who came, who is expected, who waits, who is observed, and how many doses are left over."""
        wanted = DayIn(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        site = self.at(request, wanted.validated_data["site"])
        day = wanted.validated_data.get("date") or timezone.localdate()
        return Response(counters_of(site_id=site.pk, day=day).shown(), headers=PRIVATE)
