"""How a rehearsal knows that it speaks to its own installation, and that this one may be rehearsed on."""

import re

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from accounts.api.problems import problem_response
from booking.rehearsal.marked import is_marked, proof_of

_CHALLENGE = re.compile(r"[0-9a-f]{32}", re.ASCII)


def rehearsal(request: HttpRequest) -> HttpResponse:
    """The proof for ?challenge=; where no rehearsal is allowed there is no such address."""
    challenge = request.GET.get("challenge", "")
    if not is_marked() or not _CHALLENGE.fullmatch(challenge):
        return problem_response(404, "not_found", _("没有找到。请检查后再试。"))
    return JsonResponse({"proof": proof_of(challenge)}, headers={"Cache-Control": "no-store"})
