"""Is this process alive, and can it serve? For load balancers and people on duty."""

import logging
from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from booking import admission
from booking.admission import GateDown

log = logging.getLogger(__name__)
_FRESH = {"Cache-Control": "no-store"}


def live(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all; asks nobody else."""
    return JsonResponse({"status": "live"}, headers=_FRESH)


def ready(request: HttpRequest) -> JsonResponse:
    """503 with the names of what is missing without which nothing can be booked, else 200.

    Without the gate bookings go on from the ledger, more slowly: that is `degraded`, still 200, because taking every
    web machine out of service would turn a slower city into none.
    """
    failing = [name for name, answers in (("ledger", _ledger), ("gate", _gate)) if not answers()]
    status = "unavailable" if "ledger" in failing else "degraded" if failing else "ready"
    return JsonResponse(
        {"status": status, "failing": failing}, status=503 if status == "unavailable" else 200, headers=_FRESH
    )


def _ledger() -> bool:
    return _answers(_select_one, DatabaseError)


def _select_one() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _gate() -> bool:
    return _answers(admission.ping, GateDown)


def _answers(ask: Callable[[], object], failure: type[Exception]) -> bool:
    try:
        ask()
    except failure as error:
        log.warning("Not ready: %s", type(error).__name__)
        return False
    return True
