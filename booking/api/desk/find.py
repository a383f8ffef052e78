"""Finding somebody whose code is not at hand, by their document. Who looked and why is written down."""

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.problems import Problem
from accounts.api.views import PRIVATE
from accounts.look_ups import find_person
from accounts.models import DocumentType
from accounts.tries import CannotCount, counted
from booking.api.desk.base import DeskView
from booking.api.desk.serializers import RowOut
from booking.api.serializers import STATUSES
from booking.queries.desk.find import appointments_of_person

TRIES_AN_HOUR = 30
_HOUR = 3600


class FindIn(serializers.Serializer):
    site = serializers.CharField(max_length=20)
    document_type = serializers.ChoiceField(choices=DocumentType.values)
    document_number = serializers.CharField(min_length=4, max_length=40)
    reason = serializers.CharField(min_length=4, max_length=120)


class FoundAppointmentOut(serializers.Serializer):
    """`row` is the day-list's, and there for the site's own only."""

    site_name = serializers.CharField()
    site_name_en = serializers.CharField(allow_blank=True)
    starts_at = serializers.DateTimeField()
    status = serializers.ChoiceField(choices=STATUSES)
    row = RowOut(allow_null=True)


class FoundOut(serializers.Serializer):
    known = serializers.BooleanField(help_text="Whether any account has somebody with this document.")
    appointments = FoundAppointmentOut(many=True)


class FindView(DeskView):
    @extend_schema(
        operation_id="desk_find",
        request=FindIn,
        responses={200: FoundOut, **problems(400, 401, 403, 404, 413, 415, 429, 503)},
    )
    def post(self, request: Request) -> Response:
        """The person's appointments from two weeks ago to two weeks ahead; of other sites only where and when."""
        wanted = FindIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        asked, now = wanted.validated_data, timezone.now()
        site = self.at(request, asked["site"], what="search_wider")
        user = self.staff(request)
        count_search(user.pk)
        found = find_person(
            document_type=asked["document_type"],
            number=asked["document_number"],
            by=user,
            reason=asked["reason"],
            now=now,
        )
        person, day = found.person, timezone.localdate(now)
        rows = appointments_of_person(person, site_id=site.pk, day=day) if person else []
        return Response({"known": person is not None, "appointments": rows}, headers=PRIVATE)


def count_search(user_id: int) -> None:
    """One more search by document in this hour. Raises Problem 429 where there were too many, 503 without the cache."""
    try:
        tries = counted(f"desk:find:{user_id}", seconds=_HOUR)
    except CannotCount:
        raise Problem(503, "busy", _("现在查不了，请过几秒再试。"), headers={"Retry-After": "5"}) from None
    if tries > TRIES_AN_HOUR:
        words = _("这一小时查得太多了。请稍后再试，或用姓名在今天的名单里找。")
        raise Problem(429, "too_many_requests", words, headers={"Retry-After": str(_HOUR)})
