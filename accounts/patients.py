"""The patients that an account books for: added, changed, removed."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import documents
from accounts.ages import CONSENTS_FROM, age_on
from accounts.encryption import blind_index
from accounts.models import Patient, User

MOST_PATIENTS = 6
OLDEST = 130


Mistakes = list[tuple[str, Promise | str]]


class BadPatient(Exception):
    """Fields are not right; `mistakes` says for each, by its name, what to do."""

    def __init__(self, mistakes: Mistakes) -> None:
        super().__init__(", ".join(field for field, _message in mistakes))
        self.mistakes = mistakes


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
    guardian_consent: bool = False,
    now: datetime,
) -> Patient:
    """Add a person to the account. Birth date and sex are read from the document where it tells them.

    For somebody under 14 `guardian_consent` is needed; when and from which account it came is kept.
    Raises BadPatient, PatientExists and TooManyPatients.
    """
    told, mistakes = examine(
        document_type=document_type,
        document_number=document_number,
        birth_date=birth_date,
        sex=sex,
        guardian_consent=guardian_consent,
        today=timezone.localdate(now),
    )
    if mistakes:
        raise BadPatient(mistakes)
    assert told.birth_date is not None
    child = age_on(told.birth_date, timezone.localdate(now)) < CONSENTS_FROM
    person = person_key(document_type, told.number)
    try:
        with transaction.atomic():
            _room_for_one_more(user_id)
            return Patient.objects.create(
                user_id=user_id,
                person=person,
                name=as_on_document(name, document_type),
                document_type=document_type,
                document_number=told.number,
                birth_date=told.birth_date,
                sex=told.sex or "",
                relation=relation,
                phone=phone,
                district_code=district_code,
                consented_at=now if child else None,
                consented_by_id=user_id if child else None,
            )
    except IntegrityError:
        there = Patient.objects.get(user_id=user_id, person=person, removed_at__isnull=True)
        raise PatientExists(there.pk) from None


def _room_for_one_more(user_id: int) -> None:
    # Locked, so that two requests at once do not both see room for one more.
    User.objects.select_for_update().get(pk=user_id)
    if Patient.objects.filter(user_id=user_id, removed_at__isnull=True).count() >= MOST_PATIENTS:
        raise TooManyPatients


def as_on_document(name: str, document_type: str) -> str:
    """The name as it is stored."""
    # A passport has Latin capitals; nobody needs to press the shift key for that.
    return name.strip().upper() if document_type == "passport" else name.strip()


def examine(
    *,
    document_type: str,
    document_number: str,
    birth_date: date | None,
    sex: str | None,
    guardian_consent: bool,
    today: date,
) -> tuple[documents.Document, Mistakes]:
    """What the document and the citizen together tell about a person, and everything that is not right about it."""
    mistakes: Mistakes = []
    try:
        document = documents.read(document_type, document_number, today=today)
    except documents.BadDocument as bad:
        return documents.Document(""), [("document_number", bad.message)]
    if document.birth_date and birth_date and birth_date != document.birth_date:
        mistakes.append(("birth_date", _("出生日期与身份证号不一致，请核对。")))
    if document.sex and sex and sex != document.sex:
        mistakes.append(("sex", _("性别与身份证号不一致，请核对。")))
    born, known_sex = document.birth_date or birth_date, document.sex or sex or None
    wrong_date = _wrong_birth_date(born, today)
    if wrong_date is not None:
        mistakes.append(("birth_date", wrong_date))
    if known_sex is None:
        mistakes.append(("sex", _("请选择性别。")))
    if born and wrong_date is None and age_on(born, today) < CONSENTS_FROM and not guardian_consent:
        mistakes.append(("guardian_consent", _("不满 14 周岁，要监护人同意才能添加。请由监护人勾选。")))
    return documents.Document(document.number, born, known_sex), mistakes


def _wrong_birth_date(born: date | None, today: date) -> Promise | None:
    if born is None:
        return _("请填写出生日期。")
    if born > today:
        return _("出生日期不能在今天之后。")
    if born.year < today.year - OLDEST:
        return _("请核对出生日期的年份。")
    return None


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
    row.name = as_on_document(row.name, row.document_type)
    row.save(update_fields=[field for field in changes if field in ("name", "relation", "phone", "district_code")])
    return row


def remove_patient(*, user_id: int, patient_id: UUID, now: datetime) -> None:
    """Take the person off the account's list; what was booked for them stays. Raises NoSuchPatient."""
    row = own_patient(user_id, patient_id)
    row.removed_at = now
    row.save(update_fields=["removed_at"])


def recently_removed(user_id: int, *, now: datetime) -> list[Patient]:
    """Whom the account has removed so lately that it can still be undone, latest first."""
    since = now - timedelta(seconds=settings.UNDO_SECONDS)
    rows = list(Patient.objects.filter(user_id=user_id, removed_at__gt=since).order_by("-removed_at"))
    # Whoever was added again meanwhile has a new row.
    there = {row.person for row in patients_of(user_id)} if rows else set()
    return [row for row in rows if row.person not in there]


def restore_patient(*, user_id: int, patient_id: UUID, now: datetime) -> Patient:
    """Undo a removal; of somebody who is on the list this changes nothing.

    Raises NoSuchPatient, also once it is too late, and TooManyPatients and PatientExists.
    """
    since = now - timedelta(seconds=settings.UNDO_SECONDS)
    row = Patient.objects.filter(pk=patient_id, user_id=user_id).first()
    if row is None or (row.removed_at is not None and row.removed_at <= since):
        raise NoSuchPatient
    if row.removed_at is None:
        return row
    try:
        with transaction.atomic():
            _room_for_one_more(user_id)
            row.removed_at = None
            row.save(update_fields=["removed_at"])
    except IntegrityError:
        there = Patient.objects.get(user_id=user_id, person=row.person, removed_at__isnull=True)
        raise PatientExists(there.pk) from None
    return row
