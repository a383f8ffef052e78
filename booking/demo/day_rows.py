"""Writes a made-up day into the ledger: appointments, visits, doses, batches, each with its history."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import Patient, User
from booking.demo.day_batches import Shelf
from booking.demo.day_course import OBSERVED, Course
from booking.demo.day_people import Whose
from booking.models import (
    Appointment,
    AppointmentEvent,
    BodySite,
    Decision,
    EventKind,
    HealthAnswers,
    Reaction,
    RecordStatus,
    Route,
    Slot,
    Status,
    VaccinationRecord,
    Visit,
    WalkIn,
    WalkInSource,
)
from booking.rules import reactions
from sites.models import Site

_DESKS = ("登记台 1", "登记台 2")
_ROOMS = ("问诊台 1", "问诊台 2", "问诊台 3")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the day: their place, what they get and which dose, the slot of the dose before, how it has gone."""

    number: int
    patient: Patient
    slot: Slot
    vaccine_id: int
    dose: int
    earlier: Slot | None
    is_walk_in: bool
    course: Course


def write_day(whose: Whose, site: Site, people: Sequence[Person], *, staff: User, now: datetime) -> None:
    """Write it, in the caller's transaction; `people` in the order in which they came."""
    writing = _Writing(whose, site, staff, now)
    for person in people:
        writing.book(person)
    writing.write_appointments()
    for person in people:
        if person.course.arrived_at:
            writing.receive(person, person.course.arrived_at)
    writing.write_visits(people)


class _Writing:
    def __init__(self, whose: Whose, site: Site, staff: User, now: datetime) -> None:
        self.whose, self.site, self.staff, self.now = whose, site, staff, now
        self.rows: dict[int, Appointment] = {}
        self.earlier: list[Appointment] = []
        self.visits: dict[int, Visit] = {}
        self.places: Counter[int] = Counter()
        self.events: list[AppointmentEvent] = []

    # --- Appointments -------------------------------------------------------------------------------------------

    def book(self, person: Person) -> None:
        """The appointment, as it stands now; and that of the dose before."""
        row = self._appointment(person, person.slot, person.number)
        status = person.course.status
        row.status, row.dose = status, person.dose
        if status == Status.CANCELLED:
            row.place = None
            row.cancelled_at = person.course.cancelled_at or person.course.asked_at
        self.rows[person.number] = row
        if person.earlier is not None:
            before = self._appointment(person, person.earlier, person.number + 1000)
            before.status, before.dose = Status.FULFILLED, person.dose - 1
            before.booked_at = person.earlier.opens_at + timedelta(days=2)
            self.earlier.append(before)

    def _appointment(self, person: Person, slot: Slot, number: int) -> Appointment:
        self.places[slot.pk] += 1
        draw = self.whose.draw(number, "booking")
        ahead = timedelta(minutes=12) if person.is_walk_in else timedelta(minutes=draw.randint(200, 14_000))
        claim = hashlib.sha256(f"{self.whose.username(number)}".encode()).hexdigest()[:32]
        # The slots of weeks ago have their numbers from 1; today's people have those above the quota that there was.
        first = 0 if slot is person.earlier else slot.quota
        return Appointment(
            reference=self.whose.reference(number),
            slot=slot,
            place=first + self.places[slot.pk],
            patient=person.patient,
            person=person.patient.person,
            programme_id=slot.programme_id,
            booked_by=person.patient.user,
            booked_at=min(slot.starts_at, self.now) - ahead,
            request_key=f"day-{number}",
            request_digest="-",
            claim=claim,
        )

    def write_appointments(self) -> None:
        """All of them, with what they tell of themselves so far."""
        Appointment.objects.bulk_create([*self.rows.values(), *self.earlier])
        for row in [*self.rows.values(), *self.earlier]:
            self._note(row, EventKind.BOOKED, row.booked_at, by=row.booked_by_id)
        for row in self.earlier:
            self._note(row, EventKind.FULFILLED, row.slot.starts_at)

    def _note(self, row: Appointment, kind: EventKind, at: datetime, by: int | None = None, **facts: str) -> None:
        self.events.append(AppointmentEvent(appointment=row, kind=kind, at=at, by_id=by or self.staff.pk, facts=facts))

    # --- Visits -------------------------------------------------------------------------------------------------

    def receive(self, person: Person, arrived_at: datetime) -> None:
        """The visit, as far as it has gone."""
        went, ticket = person.course, len(self.visits) + 1
        visit = Visit(
            appointment=self.rows[person.number],
            site=self.site,
            day=self.whose.day,
            ticket=ticket,
            status=went.visit_status,
            arrived_at=arrived_at,
            arrived_desk=_DESKS[ticket % 2],
            called_at=went.called_at,
            called_desk=_ROOMS[ticket % 3] if went.called_at else "",
            triaged_at=went.asked_at,
            vaccinated_at=went.given_at,
            observe_until=went.given_at + OBSERVED if went.given_at else None,
            left_at=went.left_at or (went.asked_at if went.deferred else None),
            left_early="有急事先走" if went.left_at and went.left_early else "",
        )
        self.visits[person.number] = visit

    def write_visits(self, people: Sequence[Person]) -> None:
        """All of them with their answers, doses and reactions, and the history of everybody."""
        Visit.objects.bulk_create(self.visits.values())
        shelf = Shelf(self.site, self.whose.day, self.staff, opened_at=self._opened_at(people))
        records, answers, seen = [], [], []
        for person in people:
            self._tell(person)
            went, visit = person.course, self.visits.get(person.number)
            if visit is None or went.asked_at is None:
                continue
            answers.append(self._answers(went, visit, went.asked_at))
            if went.given_at:
                records.append(self._dose(person, visit, went.given_at, shelf))
            elif went.deferred:
                records.append(self._not_done(person, visit, went.asked_at))
            if went.reacted_at:
                seen.append(self._reaction(person, visit, went.reacted_at))
        HealthAnswers.objects.bulk_create(answers)
        VaccinationRecord.objects.bulk_create(records)
        Reaction.objects.bulk_create(seen)
        shelf.write(records)
        AppointmentEvent.objects.bulk_create(sorted(self.events, key=lambda event: event.at))
        self._write_walk_ins(people)

    def _opened_at(self, people: Sequence[Person]) -> datetime:
        return min(min(person.slot.starts_at for person in people), self.now) - timedelta(hours=1)

    def _tell(self, person: Person) -> None:
        row, went = self.rows[person.number], person.course
        if went.cancelled_at:
            self._note(row, EventKind.CANCELLED, went.cancelled_at, by=row.booked_by_id)
        if went.given_up_at:
            self._note(row, EventKind.NO_SHOW, went.given_up_at)
        if went.arrived_at:
            self._note(row, EventKind.CHECKED_IN, went.arrived_at)
        if went.deferred and went.asked_at:
            self._note(row, EventKind.CANCELLED, went.asked_at, reason="deferred")
        if went.given_at:
            self._note(row, EventKind.FULFILLED, went.given_at)

    def _answers(self, went: Course, visit: Visit, at: datetime) -> HealthAnswers:
        return HealthAnswers(
            visit=visit,
            said_yes="fever" if went.deferred else "",
            note="",
            decision=Decision.DEFER if went.deferred else Decision.MAY,
            deferred_until=self.whose.day + timedelta(days=14) if went.deferred else None,
            by=self.staff,
            at=at,
        )

    def _dose(self, person: Person, visit: Visit, at: datetime, shelf: Shelf) -> VaccinationRecord:
        record = self._record(person, visit, at)
        record.batch = shelf.take(person.slot.programme_id, person.number)
        record.body_site = BodySite.RIGHT_ARM if person.number % 4 == 0 else BodySite.LEFT_ARM
        record.route = Route.INTRAMUSCULAR
        return record

    def _not_done(self, person: Person, visit: Visit, at: datetime) -> VaccinationRecord:
        record = self._record(person, visit, at)
        record.status, record.reason = RecordStatus.NOT_DONE, "deferred"
        return record

    def _record(self, person: Person, visit: Visit, at: datetime) -> VaccinationRecord:
        row = self.rows[person.number]
        return VaccinationRecord(
            visit=visit,
            appointment=row,
            person=row.person,
            vaccine_id=person.vaccine_id,
            dose=row.dose,
            given_at=at,
            given_by=self.staff,
        )

    def _reaction(self, person: Person, visit: Visit, at: datetime) -> Reaction:
        kind = (reactions.FAINTING, reactions.LOCAL, reactions.RASH)[person.number % 3]
        return Reaction(visit=visit, kind=kind, action=reactions.WATCHED, note="", began_at=at, by=self.staff, at=at)

    def _write_walk_ins(self, people: Sequence[Person]) -> None:
        WalkIn.objects.bulk_create(
            WalkIn(
                appointment=self.rows[person.number],
                slot=person.slot,
                source=WalkInSource.LATE if person.number % 40 == 7 else WalkInSource.KEPT,
                return_at=person.slot.starts_at,
                by=self.staff,
                at=self.rows[person.number].booked_at,
            )
            for person in people
            if person.is_walk_in
        )
