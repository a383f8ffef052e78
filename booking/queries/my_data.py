"""Everything that is held about a citizen, for the citizen: document numbers and phones masked, as everywhere."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from accounts.masking import masked_number, masked_phone
from accounts.models import Patient, User
from booking.models import Appointment, DrawEntry, Message, Offer, WaitlistEntry
from booking.queries.appointments import facts_of
from booking.queries.looks import looks_at
from booking.queries.moments import to_the_second
from booking.queries.my_health import health_of
from booking.queries.records import doses_received

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MyData:
    """Tables of plain values, keys in English; times are ISO 8601 with the city's offset."""

    account: Row
    patients: list[Row]
    appointments: list[Row]
    records: list[Row]
    health: list[Row]
    looks: list[Row]
    messages: list[Row]
    waitlist: list[Row]
    offers: list[Row]
    draws: list[Row]

    def tables(self) -> dict[str, list[Row]]:
        """Each table by its name, the account first."""
        return {
            "account": [self.account],
            "patients": self.patients,
            "appointments": self.appointments,
            "records": self.records,
            "health": self.health,
            "looks": self.looks,
            "messages": self.messages,
            "waitlist": self.waitlist,
            "offers": self.offers,
            "draws": self.draws,
        }


def my_data(user_id: int) -> MyData:
    """All that is held about the account, its patients (removed ones too) and what was booked for them."""
    patients = list(Patient.objects.filter(user_id=user_id).order_by("added_at", "pk"))
    return MyData(
        account=_account(User.objects.get(pk=user_id)),
        patients=[_patient(row) for row in patients],
        appointments=_appointments(user_id),
        records=_records(user_id),
        health=health_of(user_id),
        looks=[
            {
                "at": _moment(look.at),
                "about": look.name,
                "kind": look.kind,
                "by": "administrator" if look.by_administrator else "site staff",
                "reason": look.reason,
            }
            for look in looks_at(user_id)
        ],
        messages=_messages(user_id),
        waitlist=_waitlist(user_id),
        offers=_offers(user_id),
        draws=_draws(user_id),
    )


def _moment(at: datetime | date | None) -> str:
    if at is None:
        return ""
    return to_the_second(at) if isinstance(at, datetime) else at.isoformat()


def _account(user: User) -> Row:
    return {
        "phone": masked_phone(str(user.phone)) if user.phone else "",
        "made_at": _moment(user.date_joined),
        "last_signed_in_at": _moment(user.last_login),
        "text_size": user.text_size,
    }


def _patient(row: Patient) -> Row:
    return {
        "name": row.name,
        "relation": row.relation,
        "document_type": row.document_type,
        "document_number": masked_number(str(row.document_number)),
        "birth_date": _moment(row.birth_date),
        "sex": row.sex,
        "phone": masked_phone(str(row.phone)) if row.phone else "",
        "district": row.district_code,
        "guardian_consent_at": _moment(row.consented_at),
        "added_at": _moment(row.added_at),
        "removed_at": _moment(row.removed_at),
    }


def _appointments(user_id: int) -> list[Row]:
    rows = (
        Appointment.objects.filter(Q(booked_by_id=user_id) | Q(patient__user_id=user_id))
        .select_related("patient", "programme", "slot__site")
        .order_by("slot__starts_at", "pk")
    )
    return [
        {
            "reference": row.reference,
            "status": row.status,
            "patient": row.patient.name,
            "programme": row.programme.name,
            "dose": row.dose,
            "site": facts_of(row).site.name,
            "starts_at": _moment(row.slot.starts_at),
            "booked_at": _moment(row.booked_at),
            "cancelled_at": _moment(row.cancelled_at),
            "moves": row.moves,
        }
        for row in rows
    ]


def _records(user_id: int) -> list[Row]:
    return [
        {
            "patient": dose.appointment.patient_name,
            "vaccine": dose.vaccine_name,
            "manufacturer": dose.manufacturer,
            "dose": dose.appointment.dose,
            "given_on": _moment(dose.given_on),
            "site": dose.appointment.site.name,
            "batch": dose.batch,
            "reference": dose.appointment.reference,
        }
        for dose in doses_received(user_id)
    ]


def _messages(user_id: int) -> list[Row]:
    rows = (
        Message.objects.filter(Q(appointment__booked_by_id=user_id) | Q(account_id=user_id))
        .order_by("created_at", "pk")
        .values_list("kind", "created_at", "sent_at", "appointment__reference")
    )
    return [
        {"kind": kind, "reference": reference or "", "written_at": _moment(written), "sent_at": _moment(sent)}
        for kind, written, sent, reference in rows
    ]


def _waitlist(user_id: int) -> list[Row]:
    rows = WaitlistEntry.objects.filter(account_id=user_id).select_related("patient", "programme")
    return [
        {
            "patient": row.patient.name,
            "programme": row.programme.name,
            "places": "、".join([*(one.name for one in row.sites.all()), *(one.name for one in row.districts.all())]),
            "until": _moment(row.until),
            "joined_at": _moment(row.joined_at),
            "ended_at": _moment(row.ended_at),
        }
        for row in rows.prefetch_related("sites", "districts").order_by("joined_at", "pk")
    ]


def _offers(user_id: int) -> list[Row]:
    rows = Offer.objects.filter(entry__account_id=user_id).select_related("entry__patient", "site", "appointment")
    return [
        {
            "patient": row.entry.patient.name,
            "site": row.site.name,
            "status": row.state,
            "written_at": _moment(row.made_at),
            "expires_at": _moment(row.expires_at),
            "answered_at": _moment(row.answered_at),
            "reference": row.appointment.reference if row.appointment else "",
        }
        for row in rows.order_by("made_at", "pk")
    ]


def _draws(user_id: int) -> list[Row]:
    rows = DrawEntry.objects.filter(account_id=user_id).select_related("draw", "patient", "slot__site", "appointment")
    return [
        {
            "patient": row.patient.name,
            "draw": row.draw.name,
            "code": row.code,
            "sites": "、".join(row.sites),
            "days": "、".join(day.isoformat() for day in row.days),
            "any_site": row.any_site,
            "rounds_lost": row.rounds_lost,
            "entered_at": _moment(row.entered_at),
            "withdrawn_at": _moment(row.withdrawn_at),
            "rank": row.rank or "",
            "outcome": row.outcome,
            "drawn_site": row.slot.site.name if row.slot else "",
            "reference": row.appointment.reference if row.appointment else "",
        }
        for row in rows.defer("draw__seed").order_by("entered_at", "pk")
    ]
