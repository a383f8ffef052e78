"""The account of a site's desk: it holds whoever comes without an account, and nobody can sign in to it."""

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from accounts.ages import CONSENTS_FROM, age_on
from accounts.models import Patient, Relation, User
from sites.models import Site


def desk_account(site: Site) -> User:
    """The site's own account, made when it is first needed: without password, phone or address, and not active."""
    username = f"desk-{site.code}"
    account = User.objects.filter(username=username).first()
    if account is None:
        made = User(username=username, is_active=False)
        made.set_unusable_password()
        # Two desks may need it in the same moment.
        User.objects.bulk_create([made], ignore_conflicts=True)
        account = User.objects.get(username=username)
    return account


def desk_patient(
    account: User,
    *,
    person: UUID,
    name: str,
    document_type: str,
    document_number: str,
    birth_date: date,
    sex: str,
    phone: str | None,
    district: str,
    now: datetime,
) -> Patient:
    """The person's row in the desk's account, with what the document says now."""
    child = age_on(birth_date, timezone.localdate(now)) < CONSENTS_FROM
    return Patient.objects.update_or_create(
        user=account,
        person=person,
        removed_at=None,
        defaults={
            "name": name,
            "document_type": document_type,
            "document_number": document_number,
            "birth_date": birth_date,
            "sex": sex,
            "relation": Relation.OTHER,
            "phone": phone,
            "district_code": district,
            # The guardian is at the desk and signs there.
            "consented_at": now if child else None,
        },
    )[0]
