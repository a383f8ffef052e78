"""Who is at the desk: what was typed or read from a document, checked."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts import phones
from accounts.models import DocumentType, Sex
from accounts.patients import Mistakes, as_on_document, examine, person_key
from booking.operations.walk_ins.refusals import PersonUnclear


@dataclass(frozen=True, slots=True)
class Said:
    """As the desk sent it. Birth date and sex are needed only where the document does not tell them."""

    document_type: str
    document_number: str
    name: str = ""
    birth_date: date | None = None
    sex: str | None = None
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Examined:
    """The same as it is stored, and by which keyed hash the person is known in every account."""

    person: UUID
    name: str
    document_type: str
    number: str
    birth_date: date
    sex: str
    phone: str | None


def examined(said: Said, *, today: date, needs_name: bool = True) -> Examined:
    """The person, if everything about them can be right. Raises PersonUnclear."""
    if said.document_type not in DocumentType.values or said.sex not in (None, *Sex.values):
        raise PersonUnclear(errors=[{"field": "document_type", "message": str(_("请选择证件类型。"))}])
    # Whoever is under 14 is at the desk with their guardian, who signs there.
    told, mistakes = examine(
        document_type=said.document_type,
        document_number=said.document_number,
        birth_date=said.birth_date,
        sex=said.sex,
        guardian_consent=True,
        today=today,
    )
    phone, wrong_phone = _phone(said.phone)
    name = as_on_document(said.name, said.document_type)[:80]
    missing = [("name", _("请填写姓名。"))] if needs_name and not name else []
    mistakes = [*mistakes, *missing, *wrong_phone]
    if mistakes or told.birth_date is None or not told.sex:
        raise PersonUnclear(errors=[{"field": field, "message": str(words)} for field, words in mistakes])
    person = person_key(said.document_type, told.number)
    return Examined(person, name, said.document_type, told.number, told.birth_date, told.sex, phone)


def _phone(said: str) -> tuple[str | None, Mistakes]:
    try:
        return (phones.normal(said) if said.strip() else None), []
    except phones.BadPhone as bad:
        return None, [("phone", bad.message)]
