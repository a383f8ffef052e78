"""The one-time code by which a patient's own account takes the patient over: made, found, used once."""

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.ages import GROWN_UP_FROM, age_on
from accounts.documents import tidy
from accounts.encryption import blind_index
from accounts.models import HandOverCode, Patient, Relation, User
from accounts.patients import MOST_PATIENTS, TooManyPatients, own_patient
from accounts.tries import CannotCount, counted

LIVES = timedelta(minutes=10)
DIGITS = 8
TRIES_AN_HOUR = 10
TRIES_PER_CODE = 5


class NotGrownUp(Exception):
    """Only a grown-up can take themselves over."""


class CodeRefused(Exception):
    """The code or the document is wrong, or the code was used or is too old: the answer is the same."""


class TooManyTries(Exception):
    """The account has tried too often; or tries cannot be counted now."""


def may_be_handed_over(patient: Patient, *, now: datetime) -> bool:
    """Whether the person is old enough to have an account."""
    return age_on(patient.birth_date, timezone.localdate(now)) >= GROWN_UP_FROM


def make_code(*, user_id: int, patient_id: UUID, now: datetime) -> str:
    """A new code of DIGITS digits for the account's patient, good for LIVES; an earlier one is dead.

    Raises NoSuchPatient and NotGrownUp.
    """
    patient = own_patient(user_id, patient_id)
    if not may_be_handed_over(patient, now=now):
        raise NotGrownUp
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    with transaction.atomic():
        # Nobody else's code may be the same one.
        HandOverCode.objects.filter(code_index=_index(code), used_at__isnull=True, expires_at__lte=now).delete()
        HandOverCode.objects.filter(patient=patient, used_at__isnull=True).delete()
        HandOverCode.objects.create(
            patient=patient, code_index=_index(code), made_by_id=user_id, expires_at=now + LIVES
        )
    return code


def find(*, code: str, last_four: str, user_id: int, now: datetime) -> HandOverCode:
    """The hand-over that this account may carry out with the code and the end of the document's number.

    Raises CodeRefused and TooManyTries.
    """
    _count_try(user_id)
    live = _live(now).filter(code_index=_index(tidy(code)), tries__lt=TRIES_PER_CODE)
    # Counted before it is compared: two guesses at once are then two guesses.
    if not live.update(tries=F("tries") + 1):
        raise CodeRefused
    row = HandOverCode.objects.select_related("patient").get(code_index=_index(tidy(code)))
    number = str(row.patient.document_number)[-4:]
    if row.made_by_id == user_id or not hmac.compare_digest(number.encode(), tidy(last_four).encode()):
        raise CodeRefused
    return row


def use(row: HandOverCode, *, by: int, now: datetime) -> bool:
    """Use the code up, in the caller's transaction; False if somebody else has."""
    # The digits are free again for another code.
    return bool(_live(now).filter(pk=row.pk).update(used_at=now, used_by_id=by, code_index=uuid4()))


def adopt(row: HandOverCode, *, by: int, now: datetime) -> Patient:
    """Give the patient to the account, in the caller's transaction; returns the account's row of the person.

    That is another row than the one handed over if the account holds the person already; then that one is removed.
    Raises CodeRefused if the patient is no longer with the account that made the code, and TooManyPatients.
    """
    # Locked, so that two requests at once do not both see room for one more.
    User.objects.select_for_update().get(pk=by)
    patient = (
        Patient.objects.select_for_update()
        .filter(pk=row.patient_id, user_id=row.made_by_id, removed_at__isnull=True)
        .first()
    )
    if patient is None:
        raise CodeRefused
    own = Patient.objects.filter(user_id=by, removed_at__isnull=True)
    there = own.filter(person=patient.person).first()
    if there is None and own.count() >= MOST_PATIENTS:
        raise TooManyPatients
    patient.user_id = by
    patient.relation = Relation.SELF
    patient.removed_at = now if there else None
    patient.save(update_fields=["user", "relation", "removed_at"])
    return there or patient


def handed_over_since(user_id: int, since: datetime) -> list[datetime]:
    """When others took over patients whom this account had held, latest first."""
    used = HandOverCode.objects.filter(made_by_id=user_id, used_at__gt=since).order_by("-used_at")
    return [at for at in used.values_list("used_at", flat=True) if at is not None]


def _live(now: datetime) -> QuerySet[HandOverCode]:
    return HandOverCode.objects.filter(used_at__isnull=True, expires_at__gt=now)


def _index(code: str) -> UUID:
    return blind_index("hand_over", code)


def _count_try(user_id: int) -> None:
    try:
        count = counted(f"hand-over:tries:{user_id}", seconds=3600)
    except CannotCount:
        raise TooManyTries from None
    if count > TRIES_AN_HOUR:
        raise TooManyTries
