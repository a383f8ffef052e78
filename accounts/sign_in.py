"""Signing in: a code out, and an account for whoever proves to be its holder."""

import logging
import uuid
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_q.tasks import async_task

from accounts import channels, codes, devices, tokens
from accounts.encryption import blind_index
from accounts.identity.vouched import Vouched
from accounts.models import LinkedIdentity, User

log = logging.getLogger(__name__)


class MayNotEnter(Exception):
    """The account is closed, or it is an administrator's, who signs in with a password."""


def send_code(receiver: str, *, device: str, address: str, language: str) -> str | None:
    """Send a code to the phone (E.164) or e-mail address. In a demonstration it is returned; otherwise None.

    The same work is done whether or not the receiver has an account. Raises accounts.codes.TooManySends and CodesDown,
    and accounts.channels.NotSent, after which another code may be asked for at once.
    """
    code = codes.send(receiver, device=device, address=address, is_known=devices.is_known(receiver, device))
    facts = {"code": code, "minutes": str(codes.LIVES_SECONDS // 60)}
    text = channels.written("code", language, facts)
    with override(language):
        subject = _("登录验证码")
    key = f"code:{uuid.uuid4()}"
    try:
        channels.send(channels.Outgoing(receiver, "code", text, key, language, facts, subject))
    except channels.NotSent as refused:
        log.warning("A code was not sent (%s).", refused.reason)
        codes.take_back(receiver, device=device)
        raise
    return code if settings.DEMONSTRATION else None


def user_by_code(receiver: str, code: str, *, device: str, language: str, now: datetime) -> User:
    """The account of whoever has the right code; a receiver that is new gets its account.

    Raises accounts.codes.CodeWrong and CodesDown, and MayNotEnter.
    """
    codes.check(receiver, code, device=device)
    return _enter(account_of(receiver), device=device, language=language, now=now)


def user_vouched_for(vouched: Vouched, *, device: str | None, language: str, now: datetime) -> User:
    """The account of whoever the city app or an identity provider knows: by its subject, or else by its phone.

    Raises MayNotEnter.
    """
    return _enter(_linked(vouched, now=now), device=device, language=language, now=now)


def token_for(user: User, *, now: datetime) -> tuple[str, datetime]:
    """An API token for the account, and when it expires."""
    return tokens.issue(user.pk, now, epoch=user.epoch)


def account_of(receiver: str) -> User:
    """The account, open or closed, of this phone (E.164) or e-mail address, made if there is none."""
    known = User.objects.reached_at(receiver).first()
    if known is not None:
        return known
    new = _new_account(**{"email" if "@" in receiver else "phone": receiver})
    try:
        with transaction.atomic():
            new.save()
    except IntegrityError:
        # Somebody signed in with the same new phone at the same moment.
        return User.objects.reached_at(receiver).get()
    return new


def _new_account(**reached: str) -> User:
    new = User(username=f"c{uuid.uuid4().hex[:24]}", **reached)
    new.set_unusable_password()
    return new


def _linked(vouched: Vouched, *, now: datetime) -> User:
    subject = blind_index("identity", f"{vouched.issuer}\x00{vouched.subject}")
    link = LinkedIdentity.objects.select_related("user").filter(pk=subject).first()
    # Only the city app can be told something by its own name for a person.
    by_app = bool(settings.CITY_APP["url"]) and vouched.issuer == settings.TICKETS["issuer"]
    app_subject = vouched.subject if by_app else None
    if link is not None:
        if app_subject and link.app_subject != app_subject:
            LinkedIdentity.objects.filter(pk=subject).update(app_subject=app_subject)
        return link.user
    with transaction.atomic():
        if vouched.phone:
            user = account_of(vouched.phone)
            _require_citizen(user)
        else:
            user = _new_account()
            user.save()
        link, is_first = LinkedIdentity.objects.get_or_create(
            pk=subject, defaults={"user": user, "linked_at": now, "app_subject": app_subject}
        )
        if not is_first and not vouched.phone:
            # The same person came twice at the same moment: one new account is enough.
            user.delete()
    return link.user


def _enter(user: User, *, device: str | None, language: str, now: datetime) -> User:
    _require_citizen(user)
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])
    if devices.remember(user, device, now=now):
        async_task("accounts.sign_in.tell_of_new_device", user.pk, now.isoformat(), save=False)
    return user


def _require_citizen(user: User) -> None:
    if not user.is_active or user.is_staff or user.is_superuser:
        raise MayNotEnter


def tell_of_new_device(user_id: int, happened_at: str) -> None:
    """A job: tell the account's holder that it was used on a new device. Raises NotSent; then it is tried again."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    receiver = user and (user.phone or user.email)
    if user is None or not receiver:
        return
    when = timezone.localtime(datetime.fromisoformat(happened_at)).strftime("%m-%d %H:%M")
    facts = {"when": when, "phone": settings.HELP_PHONE}
    text = channels.written("new_device", user.language, facts)
    with override(user.language):
        subject = _("新设备登录")
    key = f"new_device:{blind_index('new_device', f'{user_id}|{happened_at}').hex}"
    channels.send(channels.Outgoing(str(receiver), "new_device", text, key, user.language, facts, subject))
