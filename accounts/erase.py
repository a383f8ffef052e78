"""Taking everything that tells who somebody is out of an account and its patients."""

import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from accounts.models import AnsweredRequest, HandOverCode, KnownDevice, LinkedIdentity, Patient, Relation, User
from accounts.sign_out import sign_out_everywhere

# Every column of the two tables is on one of these lists; a test sees to it that a new one is thought about.
WIPED_OF_ACCOUNT = {
    "username", "password", "first_name", "last_name", "email", "email_index", "phone", "phone_index",
    "work_phone", "text_size", "is_active", "last_login",
}  # fmt: skip
KEPT_OF_ACCOUNT = {"id", "is_superuser", "is_staff", "date_joined", "language", "epoch"}
WIPED_OF_PATIENT = {
    "person", "name", "document_number", "birth_date", "phone", "phone_index", "district_code", "relation",
    "removed_at",
}  # fmt: skip
KEPT_OF_PATIENT = {"id", "user", "document_type", "sex", "consented_at", "consented_by", "added_at"}


def erase_account(*, user_id: int, now: datetime) -> None:
    """Close the account for good: signed out everywhere, no phone, no name. Call in a transaction."""
    sign_out_everywhere(user_id)
    # Read after the epoch rose: saving must not bring the old one back.
    user = User.objects.get(pk=user_id)
    user.username = f"gone-{secrets.token_hex(12)}"
    user.set_unusable_password()
    user.first_name = user.last_name = user.text_size = ""
    user.phone = user.email = user.work_phone = user.last_login = None
    user.is_active = False
    # Also clears the indexes of phone and e-mail address.
    user.save()
    KnownDevice.objects.filter(user_id=user_id).delete()
    LinkedIdentity.objects.filter(user_id=user_id).delete()
    # Earlier answers hold names.
    AnsweredRequest.objects.filter(user_id=user_id).delete()
    HandOverCode.objects.filter(made_by_id=user_id, used_at__isnull=True).delete()


def erase_patients(*, user_id: int, keep_person: Iterable[UUID], now: datetime) -> dict[UUID, UUID]:
    """Make every patient of the account, removed ones too, nobody in particular. Call in a transaction.

    Of those whose ids are in `keep_person` the keyed hash stays, by which a dose is found again from the document;
    the others get a random one. Returns the new hash of each patient that has one. Of the birth date the year stays.
    """
    kept, changed = set(keep_person), {}
    for row in Patient.objects.select_for_update().filter(user_id=user_id).order_by("pk"):
        if row.pk not in kept:
            row.person = changed[row.pk] = uuid.uuid4()
        erase_patient(row, now=now)
    return changed


def erase_patient(row: Patient, *, now: datetime) -> None:
    """Take name, number, phone and day of birth out of the row, and save it with the keyed hash that it has."""
    row.name = row.document_number = row.district_code = ""
    row.birth_date = row.birth_date.replace(month=1, day=1)
    row.phone = None
    row.relation = Relation.OTHER
    row.removed_at = row.removed_at or now
    row.save()
