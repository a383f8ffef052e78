"""Giving and taking offices and posts. Nobody gives what they do not have, and who may enter the admin follows.

An account has offices of one role only (several districts, several sites): permissions of one office would otherwise
hold in the part of the city of another.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.audit import record
from accounts.models import User
from accounts.sign_out import sign_out_everywhere
from sites.models import Administrator, AdminRole, DeskRole, District, Site, StaffMember
from sites.scope import offices_of, scope_of


class OfficeRefused(Exception):
    """An expected no."""


class MayNotGive(OfficeRefused):
    """The one who gives or takes does not have it themselves, there."""


class HasItAlready(OfficeRefused):
    """The account has this office or post."""


class OneRoleOnly(OfficeRefused):
    """The account has offices of another role."""


class OwnLastOffice(OfficeRefused):
    """Nobody can shut themselves out."""


def may_give(by: User, role: str, *, district: District | None = None, site: Site | None = None) -> bool:
    """Whether somebody may give and take offices of this role there."""
    if by.is_superuser:
        return by.is_active
    allowed = settings.ROLE_PERMISSIONS
    return any(
        "sites.add_administrator" in allowed[office.role]
        and allowed[role] <= allowed[office.role]
        and _reaches(office, role, district, site)
        for office in offices_of(by)
    )


def _reaches(office: Administrator, role: str, district: District | None, site: Site | None) -> bool:
    if office.role == AdminRole.CITY:
        return True
    code = site.district_id if site else district.pk if district else None
    return role in (AdminRole.DISTRICT, AdminRole.SITE) and code is not None and code == office.district_id


def may_give_posts(by: User, site: Site) -> bool:
    """Whether somebody may say who works at the site."""
    return by.has_perm("sites.add_staffmember") and scope_of(by).has_site(site)


def may_manage(by: User, user: User) -> bool:
    """Whether somebody may invite the account again or take its second factor away: all it has must be theirs to give.

    Never one's own account, and never a superuser's by anybody else.
    """
    if by.pk == user.pk or (user.is_superuser and not by.is_superuser):
        return False
    offices = Administrator.objects.filter(user=user).select_related("district", "site")
    posts = StaffMember.objects.filter(user=user).select_related("site")
    ours = [may_give(by, office.role, district=office.district, site=office.site) for office in offices]
    ours += [may_give_posts(by, post.site) for post in posts]
    return bool(ours) and all(ours)


def give_office(
    *,
    by: User,
    user: User,
    role: str,
    district: District | None = None,
    site: Site | None = None,
    origin: str | None = None,
    now: datetime,
) -> Administrator:
    """Give the account the office, or give it back. Raises MayNotGive, HasItAlready and OneRoleOnly."""
    if not may_give(by, role, district=district, site=site):
        raise MayNotGive
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        theirs = Administrator.objects.filter(user=user)
        if theirs.filter(is_active=True).exclude(role=role).exists():
            raise OneRoleOnly
        office = theirs.filter(role=role, district=district, site=site).first()
        if office is not None and office.is_active:
            raise HasItAlready
        if office is None:
            office = Administrator(user=user, role=role, district=district, site=site)
        office.is_active, office.given_by, office.given_at = True, by, now
        office.save()
        if not user.is_staff:
            user.is_staff = True
            user.save(update_fields=["is_staff"])
        _record(by, "give", office, origin=origin, now=now)
    return office


def take_office(*, by: User, office: Administrator, origin: str | None = None, now: datetime) -> None:
    """Take the office away; its holder is signed out at once. Raises MayNotGive and OwnLastOffice."""
    if not may_give(by, office.role, district=office.district, site=office.site):
        raise MayNotGive
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=office.user_id)
        others = Administrator.objects.filter(user=user, is_active=True).exclude(pk=office.pk)
        if user.pk == by.pk and not others.exists():
            raise OwnLastOffice
        if not Administrator.objects.filter(pk=office.pk, is_active=True).update(is_active=False):
            return
        office.is_active = False
        if not user.is_superuser and not others.exists():
            user.is_staff = False
            user.save(update_fields=["is_staff"])
        sign_out_everywhere(user.pk)
        _record(by, "take", office, origin=origin, now=now)


def give_post(
    *, by: User, user: User, site: Site, role: DeskRole | str, origin: str | None = None, now: datetime
) -> StaffMember:
    """Let the account work at the site, or work there again. Raises MayNotGive and HasItAlready."""
    if not may_give_posts(by, site):
        raise MayNotGive
    with transaction.atomic():
        post, is_new = StaffMember.objects.get_or_create(user=user, site=site, role=role)
        if not is_new and not StaffMember.objects.filter(pk=post.pk, is_active=False).update(is_active=True):
            raise HasItAlready
        post.is_active = True
        _record(by, "give", post, origin=origin, now=now)
    return post


def take_post(*, by: User, post: StaffMember, origin: str | None = None, now: datetime) -> None:
    """The account no longer works there; it is signed out at once. Raises MayNotGive."""
    if not may_give_posts(by, post.site):
        raise MayNotGive
    with transaction.atomic():
        if StaffMember.objects.filter(pk=post.pk, is_active=True).update(is_active=False):
            sign_out_everywhere(post.user_id)
            _record(by, "take", post, origin=origin, now=now)


def _record(by: User, action: str, row: Administrator | StaffMember, *, origin: str | None, now: datetime) -> None:
    site, district = row.site, getattr(row, "district", None)
    place = site or district
    after = {"user": row.user.username, "role": str(row.role), "place": place.name if place else ""}
    code = site.district_id if site else district.pk if district else ""
    record(
        by=by, action=action, what=row, label=row.user.username, after=after, origin=origin, district_code=code, now=now
    )
