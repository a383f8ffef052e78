"""One row of everything that ends, at a moment of its own, for tests of what is erased and what is kept."""

import uuid
from datetime import date, datetime, timedelta

from accounts.models import AuditEntry, KnownDevice, LookUp
from booking.models import (
    AppointmentEvent,
    DeskAct,
    Draw,
    DrawEntry,
    HealthAnswers,
    Invitation,
    Message,
    Status,
    Suspicion,
    VaccinationRecord,
    WaitlistEntry,
)
from booking.queries.desk.sealed import seal
from tests.desk_factories import make_batch, make_desk, make_visit
from tests.factories import make_administrator, make_appointment, make_citizen, make_patient, make_programme, make_slot
from tests.invitation_factories import make_list


def an_appointment(at: datetime, *, status=Status.CANCELLED, place=None):
    """Of a slot that began then, with the event of its booking."""
    row = make_appointment(make_slot(starts_at=at), place=place, status=status, booked_at=at)
    AppointmentEvent.objects.create(appointment=row, kind="BOOKED", at=at, by=row.booked_by)
    return row


def a_dose(at: datetime, *, expires_on: date):
    """An appointment whose dose was given from a batch, after the questions."""
    row = an_appointment(at, status=Status.FULFILLED, place=1)
    visit = make_visit(row, at=at)
    nurse = make_desk(row.slot.site)
    batch = make_batch(row.slot.site, row.programme.vaccine, expires_on=expires_on)
    HealthAnswers.objects.create(visit=visit, said_yes="fever", note="", decision="MAY", by=nurse, at=at)
    VaccinationRecord.objects.create(
        visit=visit, appointment=row, person=row.person, vaccine=row.programme.vaccine, dose=1, batch=batch,
        given_at=at, given_by=nurse,
    )  # fmt: skip
    row.status = Status.FULFILLED
    row.save(update_fields=["status"])
    return row


def answers_without_a_dose(at: datetime) -> HealthAnswers:
    row = an_appointment(at, status=Status.BOOKED, place=1)
    visit = make_visit(row, at=at)
    return HealthAnswers.objects.create(
        visit=visit, said_yes="fever", note="", decision="DEFER", by=make_desk(row.slot.site), at=at
    )


def a_sealed_act(at: datetime) -> DeskAct:
    site = make_slot().site
    by = make_desk(site)
    return DeskAct.objects.create(
        key="act", site=site, device=uuid.uuid4(), sequence=1, kind="ANSWER", desk="1", by=by, sent_by=by,
        happened_at=at, received_at=at, outcome="CONFLICT", facts={"sealed": seal({"note": "发烧"}), "n": 1},
    )  # fmt: skip


def a_message(at: datetime) -> Message:
    citizen = make_citizen()
    return Message.objects.create(
        key=f"message {citizen.pk}", kind="LOCKED", account=citizen, created_at=at, due_at=at, sent_at=at
    )


def a_wish(at: datetime) -> WaitlistEntry:
    patient = make_patient()
    wish = WaitlistEntry.objects.create(
        account=patient.user, patient=patient, person=patient.person, programme=make_programme(), until=at.date(),
        joined_at=at, ended_at=at,
    )  # fmt: skip
    wish.companions.add(make_patient(patient.user))
    return wish


def a_draw_entry(at: datetime, *, state="DRAWN") -> DrawEntry:
    patient = make_patient()
    draw = Draw.objects.create(
        programme=make_programme(), name="摇号", name_en="Draw", opens_at=at - timedelta(days=2), closes_at=at,
        first_day=at.date(), last_day=at.date(), public_source="号码", public_source_en="Numbers", seed="0" * 64,
        state=state, made_by=make_administrator(), made_at=at,
    )  # fmt: skip
    return DrawEntry.objects.create(
        draw=draw, account=patient.user, patient=patient, person=patient.person, code=uuid.uuid4().hex[:16],
        entered_at=at, outcome="NOT_PLACED", rank=1,
    )  # fmt: skip


def an_invitation(at: datetime) -> Invitation:
    return Invitation.objects.create(list=make_list(make_programme(), expires_at=at), person=uuid.uuid4())


def a_suspicion(at: datetime, *, state="DISMISSED") -> Suspicion:
    citizen = make_citizen()
    return Suspicion.objects.create(
        account=citizen, sign="many_phones", raised_at=at, state=state, decided_at=at, decided_by=make_administrator()
    )


def a_device(at: datetime) -> KnownDevice:
    return KnownDevice.objects.create(user=make_citizen(), device=uuid.uuid4(), first_seen_at=at, last_seen_at=at)


def a_look_up(at: datetime) -> LookUp:
    return LookUp.objects.create(kind="SEARCHED", by=make_administrator(), at=at, person=uuid.uuid4())


def an_audit_entry(at: datetime) -> AuditEntry:
    return AuditEntry.objects.create(at=at, by=make_administrator(), action="change", what="sites.site 1", label="一")


def a_removed_person(at: datetime):
    return make_patient(document_number="E7654321", phone="+8613812346621", removed_at=at)
