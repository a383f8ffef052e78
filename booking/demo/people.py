"""The people of the demonstration city who can sign in: an administrator, staff members, a citizen."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import DocumentType, Patient, Relation, Sex, User
from accounts.patients import person_key
from booking.demo.documents import DEMONSTRATION_AREA, resident_id
from sites.models import DeskRole, Site, StaffMember

ADMINISTRATOR = "demo-admin"
STAFF_MEMBER = "demo-staff"
CITIZEN_PHONE = "+8613800000001"


@dataclass(frozen=True, slots=True)
class SignIn:
    """How somebody made up signs in. The password is readable here and nowhere else."""

    username: str
    password: str


@transaction.atomic
def make_administrator(*, username: str = ADMINISTRATOR) -> SignIn:
    """An administrator with a new password; an account of that name gets the new one."""
    password = secrets.token_urlsafe(12)
    user, _ = User.objects.get_or_create(username=username)
    user.is_staff = user.is_superuser = True
    user.set_password(password)
    user.save()
    return SignIn(username, password)


@transaction.atomic
def make_staff_member(*, username: str, site: Site, role: DeskRole) -> tuple[User, SignIn]:
    """Somebody with that post and a new password; an account of that name gets the post and the new password."""
    password = secrets.token_urlsafe(12)
    user, _ = User.objects.get_or_create(username=username)
    user.set_password(password)
    user.save()
    StaffMember.objects.get_or_create(user=user, site=site, role=role)
    return user, SignIn(username, password)


@transaction.atomic
def make_demonstration_citizen(*, now: datetime) -> User:
    """The citizen of CITIZEN_PHONE, who books for herself (31) and for her mother (62). Made once."""
    if known := User.objects.for_phone(CITIZEN_PHONE):
        return known
    user = User(username="demo-citizen", phone=CITIZEN_PHONE)
    user.set_unusable_password()
    user.save()
    for name, age, relation in (("李佳怡", 31, Relation.SELF), ("王秀兰", 62, Relation.PARENT)):
        born = date(now.year - age, 5, 8)
        number = resident_id(DEMONSTRATION_AREA, born, 2)
        Patient.objects.create(
            user=user,
            name=name,
            relation=relation,
            document_type=DocumentType.RESIDENT_ID,
            document_number=number,
            person=person_key(DocumentType.RESIDENT_ID, number),
            birth_date=born,
            sex=Sex.FEMALE,
        )
    return user
