"""Acts of a desk, many at once: what a device has kept in its queue."""

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
from booking.operations.desk.answer import REFUSED, Answer
from booking.operations.desk.carry_out_batch import carry_out_batch
from booking.queries.desk.rows import moment, rows_at
from sites.models import Site

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
        site = self.at(request, asked["site"])
        told = self._told(request, site, asked["acts"])
        return Response({"results": told, "now": moment(now)}, headers=PRIVATE)

    def _told(self, request: Request, site: Site, sent: list[Any]) -> list[dict[str, Any]]:
        forms = [ActIn(data=one) for one in sent]
        people = _people(forms)
        acts = {
            n: form.act() for n, form in enumerate(forms) if form.is_valid() and form.validated_data["by"] in people
        }
        answers = carry_out_batch(list(acts.values()), site=site, sent_by=self.staff(request).pk, now=timezone.now())
        by_place = dict(zip(acts, answers, strict=True))
        rows = rows_at(site.pk, [answer.reference for answer in answers])
        return [
            shown(by_place[n], rows, self.language) if n in by_place else _invalid(one) for n, one in enumerate(sent)
        ]


def _people(forms: list[ActIn]) -> set[int]:
    """Those who are said to have done it and exist."""
    named = {form.validated_data["by"] for form in forms if form.is_valid()}
    return set(User.objects.filter(pk__in=named).values_list("pk", flat=True))


def shown(answer: Answer, rows: dict[str, dict[str, Any]], language: str) -> dict[str, Any]:
    """An answer on the wire, with the row as it is now where it is on the site's list."""
    return {
        "key": answer.key,
        "outcome": answer.outcome,
        "repeated": answer.repeated,
        "code": answer.code,
        "detail": words_of(answer, language),
        "facts": answer.facts,
        "row": rows.get(answer.reference),
    }


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
