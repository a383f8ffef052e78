"""What a device is told of an act that it has sent."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from booking.models import DeskAct, Outcome
from booking.operations.desk.act import Act
from booking.operations.refusals import Refusal

DONE, CONFLICT = Outcome.DONE.value.lower(), Outcome.CONFLICT.value.lower()
# Nothing was written. REFUSED is the last word; the others are sent again, ERROR because we failed and not the desk.
REFUSED, NOT_YET, ERROR = "refused", "not_yet", "error"
# Codes of NOT_YET: what the act follows has not come; it has to be sent by whoever did it, or by a supervisor.
NOT_HERE, NOT_YOURS_TO_SEND = "not_here", "not_yours_to_send"


@dataclass(frozen=True, slots=True)
class Answer:
    """One row's answer. `refusal` has the facts of a refused one, for the words; `reference` is empty for none."""

    key: str
    outcome: str
    code: str = ""
    repeated: bool = False
    facts: dict[str, Any] = field(default_factory=dict)
    reference: str = ""
    refusal: Refusal | None = None


def told(row: DeskAct, *, repeated: bool) -> Answer:
    """The answer to an act that was written down."""
    reference = row.appointment.reference if row.appointment else ""
    return Answer(row.key, row.outcome.lower(), row.code, repeated, row.facts, reference)


def refused(act: Act, refusal: Refusal) -> Answer:
    """The answer to an act that changed nothing, because it must not be."""
    return Answer(act.key, REFUSED, refusal.code, False, plain(refusal.facts), act.reference, refusal)


def plain(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts as they come back from the ledger, so that the first answer and its repeats are the same."""
    written: dict[str, Any] = json.loads(json.dumps(facts, cls=DjangoJSONEncoder))
    return written
