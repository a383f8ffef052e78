"""The day-list of a site, for a device that will work without the network."""

from hashlib import sha256
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from accounts.api.problem_schema import problems
from accounts.api.views import PRIVATE
from booking.api.desk.base import DeskView
from booking.api.desk.serializers import DayListIn, DayListOut
from booking.api.desk.session import me
from booking.queries.desk.day_list import day_list

_TAG = OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of an earlier answer.")


class DayListView(DeskView):
    @extend_schema(
        operation_id="desk_day_list",
        parameters=[DayListIn, _TAG],
        responses={200: DayListOut, 304: OpenApiResponse(description="Nothing changed."), **problems(400, 401, 404)},
    )
    def get(self, request: Request) -> Response:
        """Everybody who has a place at the site that day or came there; with `since` what changed only.

        `count` and `sum` are of all rows: where a device's own differ from them, it asks for the whole list.
        """
        wanted = DayListIn(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        asked, now = wanted.validated_data, timezone.now()
        site = self.at(request, asked["site"])
        day = asked.get("date") or timezone.localdate(now)
        found = day_list(site=site, day=day, since=asked.get("since", ""), now=now)
        found |= {"roles": sorted(self.roles), "me": me(self.staff(request))}
        tag = _tag(found)
        headers = {**PRIVATE, "ETag": tag}
        if request.headers.get("If-None-Match") == tag:
            return Response(status=304, headers=headers)
        return Response(found, headers=headers)


def _tag(found: dict[str, Any]) -> str:
    # All but the time: that alone is no news.
    said = JSONEncoder(sort_keys=True, ensure_ascii=True).encode({**found, "now": None})
    return f'"{sha256(said.encode()).hexdigest()[:24]}"'
