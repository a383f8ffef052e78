"""The queue of a release: how it stands, and joining it."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.views import PRIVATE
from booking.api.appointments import BookingView
from booking.operations.plan_together import MOST_PEOPLE
from booking.operations.queues.join import join_queue
from booking.operations.queues.look import look_at_queue
from booking.operations.queues.places import QueuePlace
from booking.operations.releases.proof import MOST_PROOF
from booking.queries.moments import moment
from booking.queries.queue_state import PHASES
from booking.rules.queue import ONE


class QueueOut(serializers.Serializer):
    """Each app works out its own time: opens_at + ahead / people_a_minute minutes.

    `ahead` is fraction × early for those who came before the opening, else early + behind - 1. `early` is final once
    `is_counted`. Join at a random moment within spread_seconds, and look again after look_seconds at the earliest, at a
    random moment between the two; do not poll otherwise.
    """

    queue = serializers.IntegerField()
    programme = serializers.CharField()
    state = serializers.ChoiceField(choices=PHASES)
    now = serializers.DateTimeField()
    lobby_from = serializers.DateTimeField()
    opens_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    people_a_minute = serializers.IntegerField()
    early = serializers.IntegerField()
    is_counted = serializers.BooleanField()
    spread_seconds = serializers.IntegerField()
    look_seconds = serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2)
    is_sold_out = serializers.BooleanField()


class QueueIn(serializers.Serializer):
    patients = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=MOST_PEOPLE)
    proof = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=MOST_PROOF,
        help_text="After proof_needed: ALTCHA's payload for the challenge, or `wait` once its seconds are over.",
    )


class QueuePlaceOut(serializers.Serializer):
    """`place` is to be sent as queue_place when booking for this patient; of no use for anybody else."""

    patient = serializers.UUIDField()
    place = serializers.CharField()
    fraction = serializers.FloatField(allow_null=True, help_text="0 to 1, of those who came before the opening.")
    behind = serializers.IntegerField(allow_null=True, help_text="From 1, of those who came after it.")
    expires_at = serializers.DateTimeField()


class QueuePlacesOut(serializers.Serializer):
    results = QueuePlaceOut(many=True)


class QueueView(BookingView):
    authentication_classes: Any = []
    permission_classes = [AllowAny]

    @extend_schema(auth=[], responses={200: QueueOut, **problems(404)})
    def get(self, request: Request, queue_id: int) -> Response:
        """How a queue stands. The same for everybody; kept for a second."""
        return Response(look_at_queue(queue_id=queue_id, now=timezone.now()).as_json())


class QueuePlacesView(BookingView):
    @extend_schema(
        operation_id="queues_join",
        request=QueueIn,
        responses={201: QueuePlacesOut, **problems(400, 401, 403, 404, 409, 413, 415, 428, 503)},
    )
    def post(self, request: Request, queue_id: int) -> Response:
        """Take a place in the queue for each of these patients. Joining again gives the same places."""
        wanted = QueueIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        places = join_queue(
            account_id=self.signed_in(request),
            patient_ids=list(dict.fromkeys(wanted.validated_data["patients"])),
            queue_id=queue_id,
            now=timezone.now(),
            proof=wanted.validated_data.get("proof", ""),
        )
        return Response({"results": [_shown(place) for place in places]}, status=201, headers=PRIVATE)


def _shown(place: QueuePlace) -> dict[str, Any]:
    early, number = place.standing.early, place.standing.number
    return {
        "patient": str(place.patient_id),
        "place": place.token,
        "fraction": number / ONE if early else None,
        "behind": None if early else number,
        "expires_at": moment(place.expires_at),
    }
