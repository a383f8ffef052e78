"""Whether it is the turn of an account's patients, for the pages that tell them so before they choose a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from accounts.models import Patient
from booking.models import DrawEntry, DrawState, ReleaseMode
from booking.queries.patients import PatientFacts
from booking.queries.programmes import ProgrammeRow
from booking.queries.release_modes import good_invitations
from booking.rules.release_modes import BY_DRAW, NOT_INVITED, NoTurn, last_digit, open_until, turn_by_cohort


@dataclass(frozen=True, slots=True)
class Turn:
    """Whether a patient may book a programme now. `no`: why not; `until`: when that ends, if it does.

    `is_entered`: in a draw of it, by this account.
    """

    no: NoTurn | None = None
    until: datetime | None = None
    is_entered: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """What the ledger says of one patient."""

    digit: str = ""
    # Programme's code and the deadline.
    invitations: dict[str, datetime] = field(default_factory=dict)
    entered: frozenset[str] = frozenset()


class MyTurns:
    """The turns of these patients with these programmes: one statement for all, none where all are simply open."""

    def __init__(self, patients: Sequence[PatientFacts], programmes: Iterable[ProgrammeRow], *, now: datetime) -> None:
        self._now = now
        modes = {programme.release_mode for programme in programmes} - {ReleaseMode.OPEN}
        self._known = _known([patient.patient_id for patient in patients], modes, now) if modes and patients else {}

    def of(self, patient: PatientFacts, programme: ProgrammeRow) -> Turn:
        """Whether it is this patient's turn; whoever has begun a series may finish it."""
        has_begun = bool(patient.booked(programme.code) or patient.given(programme.code))
        if programme.release_mode == ReleaseMode.OPEN or has_begun:
            return Turn()
        known = self._known.get(patient.patient_id, _Known())
        if programme.release_mode == ReleaseMode.COHORT:
            rules = [one.rule for one in programme.cohorts]
            person: dict[str, Any] = {"digit": known.digit, "born": patient.birth_date, "now": self._now}
            no = turn_by_cohort(rules, **person)
            return Turn(no, None if no else open_until(rules, **person))
        if programme.release_mode == ReleaseMode.INVITATION:
            until = known.invitations.get(programme.code)
            return Turn(None if until else NoTurn(NOT_INVITED), until)
        return Turn(NoTurn(BY_DRAW), is_entered=programme.code in known.entered)


def _known(patients: Sequence[UUID], modes: set[str], now: datetime) -> dict[UUID, _Known]:
    found: dict[str, Any] = {}
    if ReleaseMode.INVITATION in modes:
        own = good_invitations(now=now).filter(person=OuterRef("person")).order_by("list__expires_at")
        facts = JSONObject(code="list__programme__code", until="list__expires_at")
        found["good_invitations"] = ArraySubquery(own.values(facts=facts))
    if ReleaseMode.DRAW in modes:
        entries = DrawEntry.objects.filter(
            person=OuterRef("person"), account=OuterRef("user"), withdrawn_at=None, draw__state=DrawState.ANNOUNCED
        )
        found["entered"] = ArraySubquery(entries.values("draw__programme__code"))
    if ReleaseMode.COHORT not in modes:
        rows = Patient.objects.filter(pk__in=patients).annotate(**found).values("pk", *found)
    else:
        rows = Patient.objects.filter(pk__in=patients).annotate(**found).values("pk", "document_number", *found)
    return {row["pk"]: _facts(row) for row in rows}


def _facts(row: dict[str, Any]) -> _Known:
    return _Known(
        digit=last_digit(str(row.get("document_number", ""))),
        # Of two to the same programme the one that ends last.
        invitations={one["code"]: datetime.fromisoformat(one["until"]) for one in row.get("good_invitations", ())},
        entered=frozenset(row.get("entered", ())),
    )
