"""Checking in by what was scanned or typed: the signed code's 23 digits, or the 12 digits of the reference."""

import unicodedata
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.problems import Problem
from accounts.api.views import KEY, PRIVATE
from booking.api.desk.acts import MOST_BYTES
from booking.api.desk.one_act import DoneIn, OneActView
from booking.api.desk.serializers import RowOut
from booking.api.desk.words import INVALID, words_of
from booking.api.reasons import NOT_CHECKED_IN
from booking.models import ActKind
from booking.operations.desk.answer import DONE, Answer
from booking.operations.desk.refusals import NotCheckedIn
from booking.operations.refusals import AlreadyBooked, Refusal
from booking.queries.desk.rows import rows_at
from booking.queries.qr_codes import reference_in
from booking.rules.check_in import NOT_IN_LIST, NOT_OURS, REFUSED, UNKNOWN
from booking.rules.references import check_digit

MOST_CHECK_INS = 200
RESULTS = ("ok", "wrong_time", "refused", "unknown")


class CheckInIn(DoneIn):
    code = serializers.CharField(max_length=60, help_text="Blanks and full-width digits do not matter.")
    accept_time = serializers.BooleanField(
        required=False, default=False, help_text="The desk has seen that the time is wrong and takes the person in."
    )


class CheckInOut(serializers.Serializer):
    """`result` and `reason` as the rules of check-in name them; `facts` say when and where."""

    result = serializers.ChoiceField(choices=RESULTS)
    reason = serializers.CharField()
    detail = serializers.CharField()
    facts = serializers.DictField()
    appointment = RowOut(allow_null=True)
    next_place = serializers.ChoiceField(choices=("screening",), allow_null=True)


class CheckInsIn(serializers.Serializer):
    """What is sent, as the schema describes it."""

    site = serializers.CharField(max_length=20, required=False)
    check_ins = CheckInIn(many=True, max_length=MOST_CHECK_INS)  # type: ignore[call-arg]


class _AnyCheckInsIn(serializers.Serializer):
    site = serializers.CharField(max_length=20, required=False)
    check_ins = serializers.ListField(child=serializers.JSONField(allow_null=True), max_length=MOST_CHECK_INS)


class BatchCheckInOut(CheckInOut):
    # A row that could not be read, or that we failed at and that is to be sent again.
    result = serializers.ChoiceField(choices=(*RESULTS, "invalid", "error"))


class CheckInsOut(serializers.Serializer):
    """One answer for each, in the order in which they were sent."""

    results = BatchCheckInOut(many=True)


class _CheckInView(OneActView):
    def checked_in(self, request: Request, sent: dict[str, Any]) -> dict[str, Any]:
        """The answer to one scan. Raises Refusal for what is none of the four results."""
        code = digits_in(sent["code"])
        reference = reference_of(code)
        if reference is None:
            return _shown(UNKNOWN, NOT_OURS, str(NOT_CHECKED_IN[NOT_OURS]))
        data = {"how": "scan" if len(code) > 12 else "number", "accept_time": sent["accept_time"]}
        answer = self.carry_out(request, ActKind.CHECK_IN, reference, sent, data)
        if answer.refusal is not None and not isinstance(answer.refusal, NotCheckedIn | AlreadyBooked):
            raise answer.refusal
        row = rows_at(self.site.pk, [reference]).get(reference)
        return _shown(*_result(answer), words_of(answer, self.language), _facts(answer), row, answer.outcome == DONE)


class CheckInsView(_CheckInView):
    @extend_schema(
        operation_id="desk_check_in",
        parameters=[KEY],
        request=CheckInIn,
        responses={200: CheckInOut, **problems(400, 401, 403, 404, 413, 415, 422, 503)},
    )
    def post(self, request: Request) -> Response:
        """Check somebody in. Every code gets an answer; a second scan says when and where the first one was."""
        wanted = CheckInIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        self.at(request, wanted.validated_data.get("site"))
        return Response(self.checked_in(request, wanted.validated_data), headers=PRIVATE)


class CheckInsBatchView(_CheckInView):
    most_bytes = MOST_BYTES

    @extend_schema(
        operation_id="desk_check_ins_batch",
        request=CheckInsIn,
        responses={200: CheckInsOut, **problems(400, 401, 404, 413, 415)},
    )
    def post(self, request: Request) -> Response:
        """Check several in, each by itself: nothing in a batch stops the rest."""
        wanted = _AnyCheckInsIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        self.at(request, wanted.validated_data.get("site"))
        results = [self._one(request, sent) for sent in wanted.validated_data["check_ins"]]
        return Response({"results": results}, headers=PRIVATE)

    def _one(self, request: Request, sent: Any) -> dict[str, Any]:
        form = CheckInIn(data=sent)
        if not form.is_valid():
            return _shown("invalid", "invalid", str(INVALID))
        try:
            return self.checked_in(request, form.validated_data)
        except Refusal as refusal:
            return _shown(REFUSED, refusal.code, words_of(Answer("", "refused", refusal=refusal), self.language))
        except Problem as problem:
            return _shown("error", problem.code, problem.words)


def digits_in(code: str) -> str:
    """What was scanned or typed, without blanks and hyphens, in the digits 0 to 9."""
    return "".join(character for character in unicodedata.normalize("NFKC", code) if character not in " \t\r\n-")


def reference_of(code: str) -> str | None:
    """The reference in it; None if it is none of ours: another form, another check digit, another signature."""
    if len(code) == 12 and code.isascii() and code.isdigit():
        return code if check_digit(code[:11]) == code[11] else None
    return reference_in(code)


def _result(answer: Answer) -> tuple[str, str]:
    facts = answer.facts
    if "result" in facts:
        return facts["result"], facts["reason"]
    return (UNKNOWN, NOT_IN_LIST) if answer.code == "unknown" else (REFUSED, answer.code)


def _facts(answer: Answer) -> dict[str, Any]:
    return {name: value for name, value in answer.facts.items() if name not in ("result", "reason", "was")}


def _shown(
    result: str,
    reason: str,
    detail: str,
    facts: dict[str, Any] | None = None,
    row: dict[str, Any] | None = None,
    is_done: bool = False,
) -> dict[str, Any]:
    return {
        "result": result,
        "reason": reason,
        "detail": detail,
        "facts": facts or {},
        "appointment": row,
        # Never: to the dose. The questions come first.
        "next_place": "screening" if is_done and result == "ok" else None,
    }
