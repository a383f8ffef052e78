"""Adding somebody by phone: an account for their work, its office or post, and a link to choose a password."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts import invitations, second_factors
from accounts.audit import HIDDEN, record
from accounts.models import User
from accounts.sign_out import sign_out_everywhere
from sites.models import AdminRole, DeskRole, District, Site
from sites.offices import MayNotGive, OfficeRefused, give_office, give_post, may_manage


@dataclass
class AlreadyThere(OfficeRefused):
    """Somebody with this phone has an account there: `username`."""

    username: str


def invite(
    *,
    by: User,
    name: str,
    work_phone: str,
    role: str,
    district: District | None = None,
    site: Site | None = None,
    origin: str | None = None,
    now: datetime,
) -> tuple[User, str]:
    """Make the account with that office (AdminRole) or post (DeskRole), and an invitation; returns both.

    `work_phone` is E.164. Raises AlreadyThere and the refusals of sites.offices.
    """
    with transaction.atomic():
        # Two people who add the same phone to the same place come one after the other.
        if site is not None:
            Site.objects.select_for_update(no_key=True).get(pk=site.pk)
        elif district is not None:
            District.objects.select_for_update(no_key=True).get(pk=district.pk)
        for known in User.objects.filter(_works_there(district, site)).distinct():
            if known.work_phone == work_phone:
                raise AlreadyThere(known.username)
        user = invitations.make_work_account(name=name, work_phone=work_phone)
        if role in DeskRole.values:
            assert site is not None
            give_post(by=by, user=user, site=site, role=role, origin=origin, now=now)
        else:
            give_office(by=by, user=user, role=role, district=district, site=site, origin=origin, now=now)
        secret = invitations.invite(user=user, by=by, now=now)
        _record(by, "invite", user, origin=origin, now=now, after={"work_phone": HIDDEN})
    user.refresh_from_db()
    return user, secret


def invite_again(*, by: User, user: User, origin: str | None = None, now: datetime) -> str:
    """A new invitation, with which the account chooses a new password. Raises MayNotGive."""
    _require_manager(by, user)
    with transaction.atomic():
        secret = invitations.invite(user=user, by=by, now=now)
        _record(by, "invite", user, origin=origin, now=now)
    return secret


def revoke_invitation(*, by: User, user: User, origin: str | None = None, now: datetime) -> bool:
    """End the account's invitation; False if none was open. Raises MayNotGive."""
    _require_manager(by, user)
    with transaction.atomic():
        done = invitations.revoke(user=user, now=now)
        if done:
            _record(by, "revoke", user, origin=origin, now=now)
    return done


def reset_second_factor(*, by: User, user: User, origin: str | None = None, now: datetime) -> None:
    """Take the account's second factor away and sign it out; it sets up a new one next time. Raises MayNotGive."""
    _require_manager(by, user)
    with transaction.atomic():
        second_factors.forget(user)
        sign_out_everywhere(user.pk)
        _record(by, "reset", user, origin=origin, now=now)


def _require_manager(by: User, user: User) -> None:
    if not may_manage(by, user):
        raise MayNotGive


def _works_there(district: District | None, site: Site | None) -> Q:
    if site is not None:
        return Q(posts__site=site) | Q(offices__site=site)
    if district is not None:
        return Q(offices__district=district)
    return Q(offices__role__in=[AdminRole.CITY, AdminRole.AUDITOR])


def _record(
    by: User, action: str, user: User, *, origin: str | None, now: datetime, after: dict[str, str] | None = None
) -> None:
    office = user.offices.select_related("site").first()
    post = user.posts.select_related("site").first()
    place = (office and (office.site or office.district)) or (post and post.site)
    code = place.district_id if isinstance(place, Site) else place.pk if place else ""
    record(
        by=by, action=action, what=user, label=user.username, after=after, origin=origin, district_code=code, now=now
    )
