"""The rows of a site's day-list: what a device must know of a person to work without the network, and no more.

No document number, no phone, nothing about health. Times carry the city's offset; texts are in both languages.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from accounts.ages import CONSENTS_FROM, age_on
from accounts.models import Relation, User
from booking.models import Appointment, AppointmentEvent, DeskAct, HealthAnswers, Reaction
from booking.queries.moments import moment
from booking.queries.qr_codes import qr_payload
from booking.rules.dose import not_before

# The doses that each person has had of the programme, in the city and elsewhere, the latest last: what
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
UNION ALL
SELECT w.id, o.dose, o.given_on::timestamp AT TIME ZONE %s
FROM w JOIN booking_outsidedose o ON o.person = w.person AND o.programme_id = w.programme AND o.voided_at IS NULL
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


@dataclass(frozen=True, slots=True)
class Given:
    """A dose that the person has got otherwise, and the city's day on which they got it."""

    dose: int
    on: date


def row_of(appointment_id: int) -> dict[str, Any] | None:
    """One row as it is now; None if there is no such appointment."""
    return next(iter(_rows(_with_versions(pk=appointment_id))), None)


def rows_of(versions: Mapping[int, Version]) -> list[dict[str, Any]]:
    """The rows of these appointments, by time; two statements at the most, however many there are."""
    return _rows(list(_found(pk__in=list(versions))), versions) if versions else []


def rows_at(site_id: int, references: Collection[str]) -> dict[str, dict[str, Any]]:
    """By reference, those of these appointments that the site may see: of its own slots, or of who came to it.

    Two statements at the most, however many there are.
    """
    if not any(references):
        return {}
    found = _with_versions(reference__in=set(references))
    return {row["reference"]: row for row in _rows([row for row in found if _is_seen(row, site_id)])}


def code_hash(reference: str) -> str:
    """What a device finds a scanned code by; nobody can make the code from it."""
    return hashlib.sha256(qr_payload(reference).encode()).hexdigest()[:16]


def _is_seen(row: Any, site_id: int) -> bool:
    return site_id == row.slot.site_id or (hasattr(row, "visit") and site_id == row.visit.site_id)


def _rows(found: Iterable[Any], versions: Mapping[int, Version] | None = None) -> list[dict[str, Any]]:
    given = _given_before(found)
    return [
        _row(row, versions[row.pk] if versions else Version(row.last_event, row.last_act), given[row.pk])
        for row in found
    ]


def _row(row: Any, version: Version, given: Sequence[Given]) -> dict[str, Any]:
    patient, programme, slot = row.patient, row.programme, row.slot
    day, last = timezone.localdate(slot.starts_at), given[-1] if given else None
    before = [one for one in given if one.dose < row.dose]
    from_day = not_before(programme.intervals, dose=row.dose, before_on=before[-1].on if before else None)
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
        "last_dose": last and {"on": last.on.isoformat(), "dose": last.dose},
        "doses_received": len({one.dose for one in before}),
        "not_before": from_day and from_day.isoformat(),
        "flags": _flags(patient.birth_date, from_day, day),
        "visit": _visit(row) if hasattr(row, "visit") else None,
    }


def _origin(row: Any) -> str:
    if hasattr(row, "walk_in"):
        return "walk_in"
    return "self" if row.patient.relation == Relation.SELF else "family"


def _flags(birth_date: date, from_day: date | None, day: date) -> list[str]:
    # What whoever looks at the row should see: a guardian has to be there; the interval is not over on that day.
    found = {"minor": age_on(birth_date, day) < CONSENTS_FROM, "interval": from_day is not None and from_day > day}
    return [flag for flag, is_so in found.items() if is_so]


def _given_before(found: Iterable[Appointment]) -> dict[int, list[Given]]:
    """By appointment, the doses of the same programme that the person got otherwise, the latest last."""
    wanted = [(row.pk, row.person, row.programme_id) for row in found if row.programme.doses > 1]
    given: dict[int, list[Given]] = defaultdict(list)
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(_GIVEN, [*map(list, zip(*wanted, strict=True)), settings.TIME_ZONE])
            for pk, dose, at in cursor.fetchall():
                given[pk].append(Given(dose, timezone.localdate(at)))
    return given


def _found(**which: Any) -> QuerySet[Any]:
    """Appointments, by time, with all that a row says of them; `visit`, where there is one, is the one that counts."""
    answers = HealthAnswers.objects.filter(visit=OuterRef("visit__pk")).order_by("-at", "-pk")
    reactions = Reaction.objects.filter(visit=OuterRef("visit__pk")).order_by("began_at", "pk")
    of_record = ("status", "batch__number", "body_site", "route", "given_at", "given_by")
    of_nurse = ("username", "first_name", "last_name")
    rows: QuerySet[Any] = (
        Appointment.objects.filter(**which)
        .annotate(
            visit=FilteredRelation("visits", condition=~Q(visits__status="CANCELLED")),
            record=FilteredRelation("visit__records", condition=~Q(visit__records__status="ENTERED_IN_ERROR")),
            decision=Subquery(answers.values("decision")[:1]),
            decided_at=Subquery(answers.values("at")[:1]),
            reactions=ArraySubquery(reactions.values(said=JSONObject(kind="kind", action="action", at="began_at"))),
            **{f"record_{name}": F(f"record__{name}") for name in of_record},
            **{f"nurse_{name}": F(f"record__given_by__{name}") for name in of_nurse},
        )
        .select_related("slot", "patient", "programme__vaccine", "walk_in", "visit")  # type: ignore[misc]
        .defer("patient__phone")
        .order_by("slot__starts_at", "place", "pk")
    )
    return rows


def _with_versions(**which: Any) -> list[Any]:
    """The same, with the last thing noted about each."""
    events = AppointmentEvent.objects.filter(appointment=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    acts = DeskAct.objects.filter(appointment=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    return list(_found(**which).annotate(last_event=Coalesce(events, 0), last_act=Coalesce(acts, 0)))


def _visit(row: Any) -> dict[str, Any]:
    visit = row.visit
    # A decision that was taken back counts no more.
    decided = row.decision is not None and visit.triaged_at is not None
    return {
        "status": visit.status.lower(),
        "ticket": visit.ticket,
        "arrived_at": moment(visit.arrived_at),
        "desk": visit.arrived_desk,
        "called_at": moment(visit.called_at),
        "called_desk": visit.called_desk,
        "decision": row.decision.lower() if decided else None,
        "decided_at": moment(row.decided_at) if decided else None,
        "dose": _dose(row) if row.record_status == "COMPLETED" else None,
        "not_done": row.record_status == "NOT_DONE",
        "observe_until": moment(visit.observe_until),
        "left_at": moment(visit.left_at),
        "left_early": visit.left_early,
        "reactions": [
            {"kind": one["kind"], "action": one["action"], "began_at": moment(datetime.fromisoformat(one["at"]))}
            for one in row.reactions
        ],
    }


def _dose(row: Any) -> dict[str, Any]:
    nurse = User(username=row.nurse_username, first_name=row.nurse_first_name, last_name=row.nurse_last_name)
    return {
        "batch": row.record_batch__number,
        "body_site": row.record_body_site,
        "route": row.record_route,
        "given_at": moment(row.record_given_at),
        "given_by": row.record_given_by,
        "given_by_name": nurse.known_as(),
    }
