"""The rows of a site's day-list: what a device must know of a person to work without the network, and no more.

No document number, no phone, nothing about health. Times carry the city's offset; texts are in both languages.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.ages import CONSENTS_FROM, age_on
from accounts.models import Relation, User
from booking.models import Appointment, HealthAnswers, Reaction, Visit, VisitStatus
from booking.queries.qr_codes import qr_payload
from booking.rules.eligibility import next_dose_from

_VERSIONS = """
SELECT a.id,
  coalesce((SELECT max(e.id) FROM booking_appointmentevent e WHERE e.appointment_id = a.id), 0),
  coalesce((SELECT max(d.id) FROM booking_deskact d WHERE d.appointment_id = a.id), 0)
FROM unnest(%s::bigint[]) AS a(id)
"""
# The doses that each person has had of the programme, anywhere in the city, the latest last: what
# queries.desk.last_dose reads for one.
_GIVEN = """
WITH w AS (SELECT * FROM unnest(%s::bigint[], %s::uuid[], %s::bigint[]) AS w(id, person, programme))
SELECT w.id, r.dose, r.given_at AS at
FROM w JOIN booking_vaccinationrecord r ON r.person = w.person AND r.status = 'COMPLETED' AND r.appointment_id <> w.id
JOIN booking_appointment a ON a.id = r.appointment_id AND a.programme_id = w.programme
UNION ALL
SELECT w.id, a.dose, s.starts_at
FROM w JOIN booking_appointment a ON a.person = w.person AND a.programme_id = w.programme AND a.id <> w.id
JOIN booking_slot s ON s.id = a.slot_id
WHERE a.status = 'FULFILLED'
  AND NOT EXISTS (SELECT FROM booking_vaccinationrecord r WHERE r.appointment_id = a.id AND r.status = 'COMPLETED')
ORDER BY at
"""


@dataclass(frozen=True, slots=True)
class Version:
    """The last thing noted about an appointment: its last event in the ledger and its last act at a desk."""

    event: int
    act: int

    @property
    def number(self) -> int:
        """Goes up with everything that is noted."""
        return self.event + self.act


def versions_of(appointment_ids: Collection[int]) -> dict[int, Version]:
    """How far each appointment's row has come; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSIONS, [list(appointment_ids)])
        return {pk: Version(event, act) for pk, event, act in cursor.fetchall()}


def row_of(appointment_id: int) -> dict[str, Any] | None:
    """One row as it is now; None if there is no such appointment."""
    return next(iter(rows_of([appointment_id])), None)


def rows_of(appointment_ids: Collection[int], versions: Mapping[int, Version] | None = None) -> list[dict[str, Any]]:
    """The rows of these appointments, by time; at most five statements however many there are."""
    if not appointment_ids:
        return []
    found = list(
        Appointment.objects.filter(pk__in=appointment_ids)
        .select_related("slot", "patient", "programme__vaccine", "walk_in")
        .defer("patient__phone")
        .order_by("slot__starts_at", "place", "pk")
    )
    versions = versions_of(appointment_ids) if versions is None else versions
    visits = _visits(appointment_ids)
    given = _given_before(found)
    return [_row(row, versions.get(row.pk, Version(0, 0)), visits.get(row.pk), given.get(row.pk)) for row in found]


def moment(at: datetime | None) -> str | None:
    """ISO 8601 with the city's offset."""
    return None if at is None else timezone.localtime(at).isoformat()


def code_hash(reference: str) -> str:
    """What a device finds a scanned code by; nobody can make the code from it."""
    return hashlib.sha256(qr_payload(reference).encode()).hexdigest()[:16]


def _row(row: Appointment, version: Version, visit: Visit | None, given: tuple[int, datetime] | None) -> dict[str, Any]:
    patient, programme, slot = row.patient, row.programme, row.slot
    day = timezone.localdate(slot.starts_at)
    not_before = _not_before(row, given)
    return {
        "reference": row.reference,
        "code_hash": code_hash(row.reference),
        "version": version.number,
        "name": patient.name,
        "sex": patient.sex,
        "age": age_on(patient.birth_date, day),
        "tail": str(patient.document_number)[-4:],
        "programme": programme.code,
        "programme_name": programme.name,
        "programme_name_en": programme.name_en,
        "vaccine": programme.vaccine.code,
        "doses": programme.doses,
        "dose": row.dose,
        "starts_at": moment(slot.starts_at),
        "ends_at": moment(slot.ends_at),
        "status": row.status.lower(),
        "origin": _origin(row),
        "last_dose": given and {"on": timezone.localdate(given[1]).isoformat(), "dose": given[0]},
        "not_before": not_before and not_before.isoformat(),
        "flags": _flags(patient.birth_date, not_before, day),
        "visit": visit and _visit(visit),
    }


def _origin(row: Appointment) -> str:
    if hasattr(row, "walk_in"):
        return "walk_in"
    return "self" if row.patient.relation == Relation.SELF else "family"


def _not_before(row: Appointment, given: tuple[int, datetime] | None) -> date | None:
    if given is None:
        return None
    programme = row.programme
    on = timezone.localdate(given[1])
    return next_dose_from(doses=programme.doses, intervals=programme.intervals, dose=given[0], given_on=on)


def _flags(birth_date: date, not_before: date | None, day: date) -> list[str]:
    # What whoever looks at the row should see: a guardian has to be there; the interval is not over on that day.
    found = {"minor": age_on(birth_date, day) < CONSENTS_FROM, "interval": not_before is not None and not_before > day}
    return [flag for flag, is_so in found.items() if is_so]


def _given_before(found: Iterable[Appointment]) -> dict[int, tuple[int, datetime]]:
    """By appointment, the latest dose of the same programme that the person got otherwise, with its time."""
    wanted = [(row.pk, row.person, row.programme_id) for row in found if row.programme.doses > 1]
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_GIVEN, [list(column) for column in zip(*wanted, strict=True)])
        return {pk: (dose, at) for pk, dose, at in cursor.fetchall()}


def _visits(appointment_ids: Collection[int]) -> dict[int, Visit]:
    """The visit that counts of each appointment, with its dose, decision and reactions."""
    answers = HealthAnswers.objects.filter(visit=OuterRef("pk")).order_by("-at", "-pk")
    rows = (
        Visit.objects.filter(appointment__in=appointment_ids)
        .exclude(status=VisitStatus.CANCELLED)
        .alias(record=FilteredRelation("records", condition=~Q(records__status="ENTERED_IN_ERROR")))
        .annotate(
            decision=Subquery(answers.values("decision")[:1]),
            decided_at=Subquery(answers.values("at")[:1]),
            record_status=F("record__status"),
            batch=F("record__batch__number"),
            body_site=F("record__body_site"),
            route=F("record__route"),
            given_at=F("record__given_at"),
            giver=F("record__given_by__username"),
            giver_first=F("record__given_by__first_name"),
            giver_last=F("record__given_by__last_name"),
        )
    )
    visits: dict[int, Visit] = {visit.appointment_id: visit for visit in rows}
    reactions: dict[int, list[Reaction]] = defaultdict(list)
    if visits:
        wanted = Reaction.objects.filter(visit__in=[visit.pk for visit in visits.values()])
        for reaction in wanted.defer("note").order_by("began_at", "pk"):
            reactions[reaction.visit_id].append(reaction)
    for visit in visits.values():
        visit.noted_reactions = reactions[visit.pk]  # type: ignore[attr-defined]
    return visits


def _visit(visit: Any) -> dict[str, Any]:
    # A decision that was taken back counts no more.
    decided = visit.decision is not None and visit.triaged_at is not None
    return {
        "status": visit.status.lower(),
        "ticket": visit.ticket,
        "arrived_at": moment(visit.arrived_at),
        "desk": visit.arrived_desk,
        "called_at": moment(visit.called_at),
        "called_desk": visit.called_desk,
        "decision": visit.decision.lower() if decided else None,
        "decided_at": moment(visit.decided_at) if decided else None,
        "dose": _dose(visit),
        "not_done": visit.record_status == "NOT_DONE",
        "observe_until": moment(visit.observe_until),
        "left_at": moment(visit.left_at),
        "left_early": visit.left_early,
        "reactions": [
            {"kind": one.kind, "action": one.action, "began_at": moment(one.began_at)} for one in visit.noted_reactions
        ],
    }


def _dose(visit: Any) -> dict[str, Any] | None:
    if visit.record_status != "COMPLETED":
        return None
    return {
        "batch": visit.batch,
        "body_site": visit.body_site,
        "route": visit.route,
        "given_at": moment(visit.given_at),
        "given_by": _giver(visit),
    }


def _giver(visit: Any) -> str:
    """As colleagues know them, and as it stands on the printed record."""
    return User(first_name=visit.giver_first, last_name=visit.giver_last).get_full_name() or str(visit.giver)


def rows_at(site_id: int, references: Collection[str]) -> dict[str, dict[str, Any]]:
    """By reference, those of these appointments that the site may see: of its own slots, or of who came to it."""
    if not any(references):
        return {}
    came = Visit.objects.exclude(status=VisitStatus.CANCELLED).filter(appointment=OuterRef("pk"), site=site_id)
    own = Appointment.objects.filter(Q(slot__site=site_id) | Exists(came), reference__in=set(references))
    return {row["reference"]: row for row in rows_of(list(own.values_list("pk", flat=True)))}
