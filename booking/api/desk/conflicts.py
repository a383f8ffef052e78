"""What was done at a desk and contradicts what happened meanwhile: for a supervisor to look at."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.views import PRIVATE
from booking.api.desk.act_schema import KINDS
from booking.api.desk.acts import without_sealed
from booking.api.desk.base import DeskView
from booking.api.desk.serializers import SiteIn
from booking.api.desk.words import conflict_words
from booking.operations.desk.answer_conflict import answer_conflict
from booking.operations.refusals import NotFound
from booking.queries.desk.conflicts import OpenConflict, conflict_of, open_conflicts
from booking.queries.moments import moment
from booking.rules.conflicts import DECISIONS


class ConflictOut(serializers.Serializer):
    """An act in conflict. `reference` is empty, `ticket` null where it is about nobody that is known.

    `sealed` says whether more of it can be read, which leaves a trace.
    """

    id = serializers.IntegerField()
    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    code = serializers.CharField(allow_blank=True)
    detail = serializers.CharField()
    happened_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    desk = serializers.CharField(allow_blank=True)
    offline = serializers.BooleanField()
    by = serializers.CharField()
    reference = serializers.CharField(allow_blank=True)
    ticket = serializers.IntegerField(allow_null=True)
    facts = serializers.DictField()
    sealed = serializers.BooleanField()


class ConflictsOut(serializers.Serializer):
    results = ConflictOut(many=True)


class ConflictAnswerIn(SiteIn):
    """Which one, by its id or by the key that its device gave it, and what was decided."""

    id = serializers.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    key = serializers.CharField(max_length=64, required=False)
    decision = serializers.ChoiceField(choices=DECISIONS)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("id" in attrs) == ("key" in attrs):
            raise serializers.ValidationError("id | key")
        return attrs


class ConflictAnswerOut(serializers.Serializer):
    """The answer that stands, which is the first one that was given."""

    id = serializers.IntegerField()
    decision = serializers.ChoiceField(choices=DECISIONS)
    note = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()


class ConflictsView(DeskView):
    @extend_schema(
        operation_id="desk_conflicts",
        parameters=[SiteIn],
        responses={200: ConflictsOut, **problems(400, 401, 403, 404)},
    )
    def get(self, request: Request) -> Response:
        """The site's conflicts that nobody has looked at, newest first. For supervisors."""
        wanted = SiteIn(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        site = self.at(request, wanted.validated_data["site"], what="answer_conflict")
        return Response({"results": [_shown(one) for one in open_conflicts(site)]}, headers=PRIVATE)

    @extend_schema(
        operation_id="desk_answer_conflict",
        request=ConflictAnswerIn,
        responses={200: ConflictAnswerOut, **problems(400, 401, 403, 404, 413, 415)},
    )
    def post(self, request: Request) -> Response:
        """Say what was decided. It changes nothing by itself, and the first answer stands."""
        wanted = ConflictAnswerIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        asked = wanted.validated_data
        site = self.at(request, asked["site"], what="answer_conflict")
        act_id = asked["id"] if "id" in asked else conflict_of(site, asked["key"])
        if act_id is None:
            raise NotFound(what="conflict")
        row = answer_conflict(
            site=site,
            act_id=act_id,
            decision=asked["decision"],
            note=asked["note"],
            by=self.staff(request).pk,
            now=timezone.now(),
        )
        shown = {"id": act_id, "decision": row.decision, "note": row.note, "at": moment(row.at)}
        return Response(shown, headers=PRIVATE)


def _shown(one: OpenConflict) -> dict[str, Any]:
    return {
        "id": one.id,
        "key": one.key,
        "kind": one.kind.lower(),
        "code": one.code,
        "detail": conflict_words(one.code),
        "happened_at": moment(one.happened_at),
        "received_at": moment(one.received_at),
        "desk": one.desk,
        "offline": one.offline,
        "by": one.by,
        "reference": one.reference,
        "ticket": one.ticket,
        "facts": without_sealed(one.facts),
        "sealed": "sealed" in one.facts,
    }
