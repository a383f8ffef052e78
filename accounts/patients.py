"""The patients that an account books for: added, changed, removed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import documents
from accounts.encryption import blind_index
from accounts.models import Patient, User

MOST_PATIENTS = 6
OLDEST = 130


class BadPatient(Exception):
    """A field is not right; `message` says what to do."""

    def __init__(self, field: str, message: Promise | str) -> None:
        super().__init__(field)
        self.field = field
        self.message = message


class TooManyPatients(Exception):
    """The account has as many patients as it may."""


class PatientExists(Exception):
    """The account has this person already."""

    def __init__(self, patient_id: UUID) -> None:
        super().__init__("patient exists")
        self.patient_id = patient_id


class NoSuchPatient(Exception):
    """There is none, or it is somebody else's: the answer is the same."""


def person_key(document_type: str, number: str) -> UUID:
    """The keyed hash by which a person is the same in every account. `number` as documents.tidy leaves it."""
    return blind_index("person", f"{document_type}|{number}")


def patients_of(user_id: int) -> list[Patient]:
    """The account's patients, oldest entry first."""
    return list(Patient.objects.filter(user_id=user_id, removed_at__isnull=True).order_by("added_at", "pk"))


def add_patient(
    *,
    user_id: int,
    name: str,
    document_type: str,
    document_number: str,
    relation: str,
    birth_date: date | None = None,
    sex: str | None = None,
    phone: str | None = None,
    district_code: str = "",
    today: date,
) -> Patient:
    """Add a person to the account. Birth date and sex are read from the document where it tells them.

    Raises BadPatient, PatientExists and TooManyPatients.
    """
    try:
        document = documents.read(document_type, document_number, today=today)
    except documents.BadDocument as bad:
        raise BadPatient("document_number", bad.message) from None
    birth_date, sex = _agree(document, birth_date, sex, today)
    try:
        with transaction.atomic():
            # Locked, so that two requests at once do not both see room for one more.
            User.objects.select_for_update().get(pk=user_id)
            if len(patients_of(user_id)) >= MOST_PATIENTS:
                raise TooManyPatients
            return Patient.objects.create(
                user_id=user_id,
                person=person_key(document_type, document.number),
                name=name.strip(),
                document_type=document_type,
                document_number=document.number,
                birth_date=birth_date,
                sex=sex,
                relation=relation,
                phone=phone,
                district_code=district_code,
            )
    except IntegrityError:
        there = Patient.objects.get(
            user_id=user_id, person=person_key(document_type, document.number), removed_at__isnull=True
        )
        raise PatientExists(there.pk) from None


def _agree(document: documents.Document, birth_date: date | None, sex: str | None, today: date) -> tuple[date, str]:
    if document.birth_date and birth_date and birth_date != document.birth_date:
        raise BadPatient("birth_date", _("出生日期与身份证号不一致，请核对。"))
    if document.sex and sex and sex != document.sex:
        raise BadPatient("sex", _("性别与身份证号不一致，请核对。"))
    born, known_sex = document.birth_date or birth_date, document.sex or sex
    if born is None:
        raise BadPatient("birth_date", _("请填写出生日期。"))
    if born > today:
        raise BadPatient("birth_date", _("出生日期不能在今天之后。"))
    if born.year < today.year - OLDEST:
        raise BadPatient("birth_date", _("请核对出生日期的年份。"))
    if known_sex is None:
        raise BadPatient("sex", _("请选择性别。"))
    return born, known_sex


def own_patient(user_id: int, patient_id: UUID) -> Patient:
    """The account's patient. Raises NoSuchPatient, also for somebody else's."""
    row = Patient.objects.filter(pk=patient_id, user_id=user_id, removed_at__isnull=True).first()
    if row is None:
        raise NoSuchPatient
    return row


def change_patient(*, user_id: int, patient_id: UUID, changes: dict[str, Any]) -> Patient:
    """Change name, relation, phone or district_code. Raises NoSuchPatient."""
    row = own_patient(user_id, patient_id)
    for field in ("name", "relation", "phone", "district_code"):
        if field in changes:
            setattr(row, field, changes[field])
    row.save(update_fields=[field for field in changes if field in ("name", "relation", "phone", "district_code")])
    return row


def remove_patient(*, user_id: int, patient_id: UUID, now: datetime) -> None:
    """Take the person off the account's list; what was booked for them stays. Raises NoSuchPatient."""
    row = own_patient(user_id, patient_id)
    row.removed_at = now
    row.save(update_fields=["removed_at"])
