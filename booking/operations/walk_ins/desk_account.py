"""The account of a site's desk: it holds whoever comes without an account, and nobody can sign in to it."""

from datetime import datetime

from django.utils import timezone

from accounts.ages import CONSENTS_FROM, age_on
from accounts.models import Patient, Relation, User
from booking.operations.walk_ins.examine_person import Examined
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


def desk_patient(account: User, who: Examined, *, district: str, now: datetime) -> Patient:
    """The person's row in the desk's account, with what their document says now."""
    child = age_on(who.birth_date, timezone.localdate(now)) < CONSENTS_FROM
    return Patient.objects.update_or_create(
        user=account,
        person=who.person,
        removed_at=None,
        defaults={
            "name": who.name,
            "document_type": who.document_type,
            "document_number": who.number,
            "birth_date": who.birth_date,
            "sex": who.sex,
            "relation": Relation.OTHER,
            "phone": who.phone,
            "district_code": district,
            # Their guardian is at the desk and signs there.
            "consented_at": now if child else None,
        },
    )[0]
