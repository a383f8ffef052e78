"""Appointments as their owner sees them: a list, and one by its reference."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from booking.models import Appointment, Status
from booking.queries.relocations import LATEST_RELOCATION, RelocationFacts, latest_relocations, relocation_in
from booking.queries.slot_facts import SiteFacts, site_facts
from booking.rules.changes import changes_left
from booking.rules.standing import WAITS


@dataclass(frozen=True, slots=True)
class AppointmentFacts:
    """Everything about an appointment that a page or an answer shows. Times are aware."""

    reference: str
    status: str
    patient_id: UUID
    patient_name: str
    programme_code: str
    programme_name: str
    programme_name_en: str
    dose: int
    slot_id: int
    starts_at: datetime
    ends_at: datetime
    site: SiteFacts
    booked_at: datetime
    moves: int
    restorable_until: datetime | None = None
    # The latest one, if the city ever had to move it.
    relocation: RelocationFacts | None = None

    @property
    def may_move_for_free(self) -> bool:
        """The city has moved it and nobody has said yet whether that suits."""
        return self.status == Status.BOOKED and self.relocation is not None and self.relocation.is_pending

    @property
    def changes_left(self) -> int:
        """How often it may still be moved; a free change counts as one."""
        return changes_left(allowed=settings.MOVES_ALLOWED, made=self.moves, one_is_free=self.may_move_for_free)

    @property
    def ended_by_city(self) -> bool:
        """The city cancelled it: its slot was closed and there was no other place, or none was wanted."""
        return self.status == Status.CANCELLED and self.relocation is not None and self.relocation.ended_it


def _with_everything() -> QuerySet[Appointment]:
    return Appointment.objects.select_related("patient", "programme", "slot__site").annotate(
        latest_relocation=LATEST_RELOCATION
    )


def facts_of(appointment: Appointment) -> AppointmentFacts:
    """The facts of a row; no statement if slot, site, programme and patient were selected with it.

    Relocations are in them if the row was read with LATEST_RELOCATION as `latest_relocation`.
    """
    slot, site = appointment.slot, appointment.slot.site
    return AppointmentFacts(
        reference=appointment.reference,
        status=appointment.status,
        patient_id=appointment.patient_id,
        patient_name=appointment.patient.name,
        programme_code=appointment.programme.code,
        programme_name=appointment.programme.name,
        programme_name_en=appointment.programme.name_en,
        dose=appointment.dose,
        slot_id=slot.pk,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        site=site_facts(site),
        booked_at=appointment.booked_at,
        moves=appointment.moves,
        restorable_until=appointment.restorable_until if appointment.place is not None else None,
        relocation=relocation_in(getattr(appointment, "latest_relocation", None)),
    )


def facts_after(appointment: Appointment) -> AppointmentFacts:
    """The facts of a row that an operation has just changed. One statement, for its relocation."""
    appointment.latest_relocation = latest_relocations([appointment.pk]).get(appointment.pk)  # type: ignore[attr-defined]
    return facts_of(appointment)


def appointments_of(user_id: int, *, status: str | None = None, limit: int = 200) -> list[AppointmentFacts]:
    """What this account has booked, newest slot first; only one status if given."""
    rows = _with_everything().filter(booked_by_id=user_id)
    if status:
        rows = rows.filter(status=status)
    return [facts_of(row) for row in rows.order_by("-slot__starts_at", "-pk")[:limit]]


def appointment_of(user_id: int, reference: str) -> AppointmentFacts | None:
    """The account's own appointment by its reference; None for anybody else's."""
    row = _with_everything().filter(booked_by_id=user_id, reference=reference).first()
    return facts_of(row) if row else None


@dataclass(frozen=True, slots=True)
class Ahead:
    """An appointment that is still to come; one whose patient has checked in cannot be cancelled."""

    reference: str
    can_be_cancelled: bool


def appointments_ahead(user_id: int, *, now: datetime) -> list[Ahead]:
    """The account's appointments that are booked and not begun, or checked in and not over."""
    live = Appointment.objects.filter(booked_by_id=user_id)
    booked = Q(status=Status.BOOKED, slot__starts_at__gt=now)
    waiting = Q(status=Status.CHECKED_IN, slot__ends_at__gt=now - WAITS)
    rows = live.filter(booked | waiting).order_by("slot__starts_at", "pk").values_list("reference", "status")
    return [Ahead(reference, status == Status.BOOKED) for reference, status in rows]


def answered_before(user_id: int, request_key: str) -> tuple[AppointmentFacts, str, str] | None:
    """The appointment that an earlier try with this key made, what that try asked for, and its claim."""
    row = _with_everything().filter(booked_by_id=user_id, request_key=request_key).first()
    return (facts_of(row), row.request_digest, row.claim) if row else None


def answered_any(tries: Sequence[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those of these (account, request key) that have made an appointment."""
    accounts, keys = zip(*tries, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT a.booked_by_id, a.request_key FROM unnest(%s::bigint[], %s::text[]) t(account, key)
               JOIN booking_appointment a ON a.booked_by_id = t.account AND a.request_key = t.key""",
            [list(accounts), list(keys)],
        )
        return set(cursor.fetchall())


def answered_with(user_id: int, request_keys: Sequence[str]) -> dict[str, tuple[AppointmentFacts, str, str]]:
    """As `answered_before`, for several keys in one statement; keys without an appointment are missing."""
    rows = _with_everything().filter(booked_by_id=user_id, request_key__in=request_keys)
    return {row.request_key: (facts_of(row), row.request_digest, row.claim) for row in rows}
