"""What an act in conflict keeps sealed, for a supervisor."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.views import PRIVATE
from booking.api.desk.base import DeskView
from booking.api.desk.serializers import SiteIn
from booking.operations.desk.open_sealed import open_sealed


class SealedOut(serializers.Serializer):
    """What the device sent: answers, a reaction, a reason; as the act's kind has them."""

    said = serializers.DictField()


class SealedView(DeskView):
    @extend_schema(
        operation_id="desk_conflict_sealed",
        parameters=[SiteIn],
        responses={200: SealedOut, **problems(400, 401, 403, 404)},
    )
    def get(self, request: Request, act_id: int) -> Response:
        """What was said about somebody's health and could not be written anywhere. Reading it leaves a trace."""
        wanted = SiteIn(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        site = self.at(request, wanted.validated_data["site"], what="answer_conflict")
        said = open_sealed(site=site, act_id=act_id, by=self.staff(request), now=timezone.now())
        return Response({"said": said}, headers=PRIVATE)
