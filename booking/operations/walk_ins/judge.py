"""May the person at the desk have a dose of this programme today? Judged by what they had in every account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from accounts import phones
from accounts.patients import Mistakes, examine, name_on, person_key
from booking.models import Appointment, Programme
from booking.operations.refusals import HasAppointment, NotEligible, NotFound, PersonUnclear
from booking.queries.desk.person_doses import person_doses
from booking.queries.slot_facts import programme_rules
from booking.rules.eligibility import Decision, decide
from sites.models import Site


@dataclass(frozen=True, slots=True)
class Said:
    """What the desk typed or scanned. Birth date and sex only where the document does not tell them."""

    programme: str
    name: str
    document_type: str
    document_number: str
    birth_date: date | None = None
    sex: str | None = None
    phone: str = ""
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """Somebody who may have `dose` of `programme` today."""

    programme: Programme
    person: UUID
    name: str
    document_type: str
    number: str
    birth_date: date
    sex: str
    phone: str | None
    dose: int


def judge(said: Said, *, site: Site, now: datetime) -> Judged:
    """Raises NotFound for a programme, PersonUnclear, NotEligible, and HasAppointment for the dose."""
    programme = Programme.objects.filter(code=said.programme, is_active=True).first()
    if programme is None:
        raise NotFound(what="programme")
    today = timezone.localdate(now)
    # A guardian is at the desk with their child.
    told, mistakes = examine(
        document_type=said.document_type,
        document_number=said.document_number,
        birth_date=said.birth_date,
        sex=said.sex,
        guardian_consent=True,
        today=today,
    )
    phone, wrong_phone = _phone(said.phone)
    mistakes += wrong_phone
    name = name_on(said.name, said.document_type)
    if mistakes or told.birth_date is None or not told.sex or not name:
        raise PersonUnclear(fields=_fields(mistakes, name))
    person = person_key(said.document_type, told.number)
    found = person_doses(
        person, programme.pk, birth_date=told.birth_date, sex=told.sex, district=site.district_id
    )
    decision = decide(programme_rules(programme), found, on=today)
    _refuse_live(person, programme, decision, site=site)
    if decision.dose is None:
        raise NotEligible(reason=decision.reason, from_date=decision.from_date)
    return Judged(
        programme, person, name, said.document_type, told.number, told.birth_date, told.sex, phone, decision.dose
    )


def _phone(said: str) -> tuple[str | None, Mistakes]:
    try:
        return (phones.normal(said) if said.strip() else None), []
    except phones.BadPhone as bad:
        return None, [("phone", bad.message)]
