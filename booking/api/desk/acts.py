"""Acts of a desk, many at once: what a device has kept in its queue."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.views import PRIVATE
from accounts.models import User
from booking.api.desk.act_schema import ActIn, ActsIn, ActsOut, AnyActsIn
from booking.api.desk.base import DeskView
from booking.api.desk.words import INVALID, words_of
from booking.operations.desk.act import Act
from booking.operations.desk.answer import REFUSED, Answer
from booking.operations.desk.receive import receive
from booking.operations.desk.report_device import Report
from booking.queries.desk.rows import rows_at
from booking.queries.moments import moment

# 200 acts of a kilobyte.
MOST_BYTES = 256 * 1024


class ActsView(DeskView):
    most_bytes = MOST_BYTES

    @extend_schema(
        operation_id="desk_acts", request=ActsIn, responses={200: ActsOut, **problems(400, 401, 404, 413, 415)}
    )
    def post(self, request: Request) -> Response:
        """Carry out what was done at a desk, each act by itself and once, however often it is sent.

        An act that was done without the network is never refused: what does not fit is `conflict`, for a person.
        """
        wanted = AnyActsIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        asked, now = wanted.validated_data, timezone.now()
        site, sent = self.at(request, asked["site"]), asked["acts"]
        forms = [ActIn(data=one) for one in sent]
        sender = self.staff(request).pk
        people = _people(forms, sender)
        valid = [n for n, form in enumerate(forms) if form.is_valid() and form.validated_data["by"] in people]
        acts = [forms[n].act() for n in valid]
        received = receive(acts, _report(asked, acts, now), site=site, sent_by=sender, roles=self.roles, now=now)
        rows = rows_at(site.pk, [answer.reference for answer in received.answers])
        told = {n: shown(one, rows, self.language) for n, one in zip(valid, received.answers, strict=True)}
        known = received.known
        body = {
            "results": [told.get(n) or _invalid(one) for n, one in enumerate(sent)],
            "now": moment(now),
            "last_sequence": known.last_sequence if known else 0,
            "known": known and {"seen_at": moment(known.seen_at), "pending": known.pending},
        }
        return Response(body, headers=PRIVATE)


def _report(asked: dict[str, Any], acts: list[Act], now: datetime) -> Report:
    clock = asked.get("clock") or now
    return Report(
        device=asked["device"],
        desk=asked.get("desk") or (acts[-1].desk if acts else ""),
        pending=asked.get("pending", 0),
        clock_ahead_ms=round((clock - now) / timedelta(milliseconds=1)),
    )


def _people(forms: list[ActIn], sender: int) -> set[int]:
    """Those who are said to have done it and exist."""
    others = {form.validated_data["by"] for form in forms if form.is_valid()} - {sender}
    found = User.objects.filter(pk__in=others).values_list("pk", flat=True) if others else []
    return {sender, *found}


def shown(answer: Answer, rows: dict[str, dict[str, Any]], language: str) -> dict[str, Any]:
    """An answer on the wire, with the row as it is now where it is on the site's list."""
    return {
        "key": answer.key,
        "outcome": answer.outcome,
        "repeated": answer.repeated,
        "code": answer.code,
        "detail": words_of(answer, language),
        "facts": without_sealed(answer.facts),
        "row": rows.get(answer.reference),
    }


def without_sealed(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts without what is sealed in them, which is about somebody's health."""
    return {name: value for name, value in facts.items() if name != "sealed"}


def _invalid(sent: Any) -> dict[str, Any]:
    key = sent.get("key") if isinstance(sent, dict) else None
    return {
        "key": key[:64] if isinstance(key, str) else None,
        "outcome": REFUSED,
        "repeated": False,
        "code": "invalid",
        "detail": str(INVALID),
        "facts": {},
        "row": None,
    }
