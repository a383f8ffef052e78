"""What happens to somebody who has come: questions, dose, observation. A visit is named by its appointment's number."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.views import KEY, PRIVATE
from booking.api.desk.act_schema import ActOut
from booking.api.desk.acts import shown
from booking.api.desk.one_act import DoneIn, OneActView
from booking.models import ActKind, BodySite, Route
from booking.queries.desk.rows import rows_at
from booking.rules.health_questions import QUESTIONS
from booking.rules.reactions import ACTIONS, KINDS

_PROBLEMS = problems(400, 401, 403, 404, 409, 413, 415, 422, 503)
_SENT_WITH_ALL = ("site", "desk", "happened_at", "offline")


class AnswersIn(DoneIn):
    said_yes = serializers.ListField(child=serializers.ChoiceField(choices=QUESTIONS), max_length=len(QUESTIONS))
    decision = serializers.ChoiceField(choices=("may", "defer", "refuse"))
    deferred_until = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)


class DoseIn(DoneIn):
    batch = serializers.CharField(max_length=40)
    body_site = serializers.ChoiceField(choices=BodySite.values)
    route = serializers.ChoiceField(choices=Route.values)
    lift = serializers.ListField(child=serializers.CharField(max_length=30), max_length=10, required=False)
    lift_reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


class ReactionIn(DoneIn):
    kind = serializers.ChoiceField(choices=KINDS)
    action = serializers.ChoiceField(choices=ACTIONS)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)
    began_at = serializers.DateTimeField()


class LeaveIn(DoneIn):
    early = serializers.CharField(max_length=120, required=False, allow_blank=True, help_text="Why before the end.")


class UndoIn(DoneIn):
    reason = serializers.CharField(max_length=120, required=False, allow_blank=True)


def _described(name: str, form: type[DoneIn]) -> Any:
    return extend_schema(operation_id=name, parameters=[KEY], request=form, responses={200: ActOut, **_PROBLEMS})


class _VisitView(OneActView):
    kind: ClassVar[ActKind]
    form: ClassVar[type[DoneIn]]

    def done(self, request: Request, reference: str) -> Response:
        """Carry out what was sent; its answer with the row as it is then. Raises what refuses it."""
        wanted = self.form(data=request.data)
        wanted.is_valid(raise_exception=True)
        site = self.at(request, wanted.validated_data.get("site"))
        answer = self.carry_out(request, self.kind, reference, wanted.validated_data, _as_sent(wanted))
        if answer.refusal is not None:
            raise answer.refusal
        return Response(shown(answer, rows_at(site.pk, [reference]), self.language), headers=PRIVATE)


def _as_sent(form: DoneIn) -> dict[str, Any]:
    # Dates and times as text, like those of an act that comes from a device's queue.
    return {name: value for name, value in form.data.items() if name not in _SENT_WITH_ALL}


class AnswersView(_VisitView):
    kind, form = ActKind.ANSWER, AnswersIn

    @_described("desk_answers", AnswersIn)
    def post(self, request: Request, reference: str) -> Response:
        """The questions before the dose, and what was decided."""
        return self.done(request, reference)


class DosesView(_VisitView):
    kind, form = ActKind.VACCINATE, DoseIn

    @_described("desk_doses", DoseIn)
    def post(self, request: Request, reference: str) -> Response:
        """The dose that was given."""
        return self.done(request, reference)


class ReactionView(_VisitView):
    kind, form = ActKind.REACT, ReactionIn

    @_described("desk_reaction", ReactionIn)
    def post(self, request: Request, reference: str) -> Response:
        """An adverse event after the dose."""
        return self.done(request, reference)


class LeaveView(_VisitView):
    kind, form = ActKind.LEAVE, LeaveIn

    @_described("desk_leave", LeaveIn)
    def post(self, request: Request, reference: str) -> Response:
        """They have left; before the end of the observation with a reason."""
        return self.done(request, reference)


class UndoView(_VisitView):
    kind, form = ActKind.UNDO_CHECK_IN, UndoIn

    @_described("desk_undo", UndoIn)
    def post(self, request: Request, reference: str) -> Response:
        """Take the check-in back, soon and while nothing else has come of it."""
        return self.done(request, reference)
