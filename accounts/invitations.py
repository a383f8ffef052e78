"""Accounts for people who work for the city: made for a name and a work phone, and opened by a link that works once."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import channels
from accounts.encryption import blind_index
from accounts.models import Invitation, User
from accounts.sign_out import sign_out_everywhere

LIVES = timedelta(hours=72)
_LETTERS = "abcdefghjkmnpqrstuvwxyz"


class InvitationGone(Exception):
    """The link is wrong, was used, was taken back or is too old: the answer is the same."""


def make_work_account(*, name: str, work_phone: str) -> User:
    """An account of its own for somebody's work, whatever account their phone has as a citizen's.

    It has no password yet: `invite` lets its holder choose one.
    """
    while True:
        number = f"{secrets.randbelow(10**4):04d}"
        username = f"w-{number}-" + "".join(secrets.choice(_LETTERS) for _ in range(4))
        user = User(username=username, first_name=name, work_phone=work_phone)
        user.set_unusable_password()
        try:
            with transaction.atomic():
                user.save()
        except IntegrityError:
            continue
        return user


def invite(*, user: User, by: User, now: datetime) -> str:
    """A secret that lets the account choose a password within LIVES; earlier ones are dead."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        revoke(user=user, now=now)
        Invitation.objects.create(
            user=user, secret_index=_index(secret), made_by=by, made_at=now, expires_at=now + LIVES
        )
    return secret


def send(*, user: User, link: str) -> None:
    """Send the link to the account's work phone. Raises accounts.channels.NotSent."""
    facts = {"username": user.username, "link": link, "hours": str(int(LIVES.total_seconds() // 3600))}
    text = channels.written("invitation", user.language, facts)
    with override(user.language):
        subject = _("工作账号")
    # The link is new each time, and so is the message.
    key = f"invitation:{blind_index('invitation', link).hex}"
    channels.send(channels.Outgoing(str(user.work_phone), "invitation", text, key, user.language, facts, subject))


def revoke(*, user: User, now: datetime) -> bool:
    """End the invitations of the account that still work; False if there was none."""
    return bool(Invitation.objects.filter(user=user, used_at=None, expires_at__gt=now).update(expires_at=now))


def find(secret: str, *, now: datetime) -> User:
    """The account that the secret is for. Raises InvitationGone."""
    found = (
        Invitation.objects.select_related("user")
        .filter(secret_index=_index(secret), used_at=None, expires_at__gt=now, user__is_active=True)
        .first()
    )
    if found is None:
        raise InvitationGone
    return found.user


def use(secret: str, *, password: str, now: datetime) -> User:
    """Give the account the password, once; whoever was signed in to it is not any more. Raises InvitationGone."""
    with transaction.atomic():
        user = find(secret, now=now)
        # The row decides who was first.
        live = Invitation.objects.filter(secret_index=_index(secret), used_at=None, expires_at__gt=now)
        if not live.update(used_at=now):
            raise InvitationGone
        user.set_password(password)
        user.save(update_fields=["password"])
        sign_out_everywhere(user.pk)
    return user


def _index(secret: str) -> UUID:
    return blind_index("invitation secret", secret)
