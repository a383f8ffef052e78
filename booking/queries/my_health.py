"""What the desk has written down about the health of an account's patients: answers before a dose, reactions after."""

from typing import Any

from booking.models import HealthAnswers, Reaction
from booking.queries.moments import to_the_second


def health_of(user_id: int) -> list[dict[str, Any]]:
    """A row for each time somebody was asked and for each reaction, in order of time; two statements."""
    answers = HealthAnswers.objects.filter(visit__appointment__patient__user_id=user_id)
    reactions = Reaction.objects.filter(visit__appointment__patient__user_id=user_id)
    rows = [
        _row(one, kind="answers", what=str(one.said_yes), decision=one.decision, until=one.deferred_until)
        for one in answers.select_related("visit__appointment__patient")
    ]
    rows += [
        _row(one, kind="reaction", what=one.kind, decision=one.action, until=None)
        for one in reactions.select_related("visit__appointment__patient")
    ]
    return sorted(rows, key=lambda row: str(row["at"]))


def _row(one: Any, *, kind: str, what: str, decision: str, until: Any) -> dict[str, Any]:
    appointment, at = one.visit.appointment, one.began_at if kind == "reaction" else one.at
    return {
        "patient": appointment.patient.name,
        "reference": appointment.reference,
        "kind": kind,
        "at": to_the_second(at),
        "what": what,
        "decision": decision,
        "deferred_until": until.isoformat() if until else "",
        "note": one.note,
    }
