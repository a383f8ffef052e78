"""The people of the demonstration city who can sign in: administrators, staff members, a citizen."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from accounts.models import DocumentType, Patient, Relation, SecondFactor, Sex, User
from accounts.patients import person_key
from booking.demo.documents import DEMONSTRATION_AREA, resident_id
from sites.models import Administrator, AdminRole, DeskRole, District, Site, StaffMember

ADMINISTRATOR = "demo-admin"
DISTRICT_ADMINISTRATOR = "demo-yuelu"
AUDITOR = "demo-auditor"
STAFF_MEMBER = "demo-staff"
NURSE = "demo-nurse"
CITIZEN_PHONE = "+8613800000001"


@dataclass(frozen=True, slots=True)
class SignIn:
    """How somebody made up signs in. The password is readable here and nowhere else."""

    username: str
    password: str


@transaction.atomic
def make_administrator(*, username: str = ADMINISTRATOR) -> SignIn:
    """An administrator above everything with a new password; an account of that name gets the new one."""
    user, sign_in = _with_password(username)
    user.is_staff = user.is_superuser = True
    user.save()
    _with_second_factor(user)
    return sign_in


@transaction.atomic
def make_office(*, username: str, role: AdminRole, district: District | None = None, now: datetime) -> SignIn:
    """An administrator of a district, or an auditor, with a new password; an account of that name gets the new one."""
    user, sign_in = _with_password(username)
    user.is_staff = True
    user.save()
    Administrator.objects.get_or_create(user=user, role=role, district=district, defaults={"given_at": now})
    _with_second_factor(user)
    return sign_in


def _with_password(username: str) -> tuple[User, SignIn]:
    password = secrets.token_urlsafe(12)
    user, _ = User.objects.get_or_create(username=username)
    user.set_password(password)
    return user, SignIn(username, password)


def _with_second_factor(user: User) -> None:
    # A demonstration shows its codes. Everywhere else the account sets up a device at its first sign-in.
    if settings.DEMONSTRATION:
        # Each code works once, and many people share these accounts: so many codes ahead are taken.
        shared = {"name": "app", "tolerance": 20}
        SecondFactor.objects.get_or_create(user=user, confirmed=True, defaults=shared)


@transaction.atomic
def make_staff_member(
    *, username: str, site: Site, role: DeskRole, more: Sequence[DeskRole] = (), name: tuple[str, str] = ("", "")
) -> tuple[User, SignIn]:
    """Somebody with these posts and a new password; an account of that name gets the posts and the new password.

    `name` is the family's and the given one.
    """
    user, sign_in = _with_password(username)
    user.last_name, user.first_name = name
    user.save()
    for post in (role, *more):
        StaffMember.objects.get_or_create(user=user, site=site, role=post)
    return user, sign_in


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
