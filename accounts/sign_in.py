"""Signing in by phone: a code out, a token back."""

import secrets
import sys
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError

from accounts import codes, tokens
from accounts.masking import masked_phone
from accounts.models import User


def send_code(phone: str, *, address: str) -> str | None:
    """Send a code to the phone (E.164). In a demonstration it is printed and returned; otherwise None.

    Raises accounts.codes.TooManySends and CodesDown.
    """
    code = codes.send(phone, address=address)
    if settings.DEMONSTRATION:
        sys.stdout.write(f"SMS {masked_phone(phone)} 验证码 {code}，5 分钟内有效。\n")
        sys.stdout.flush()
        return code
    return None


def exchange_code(phone: str, code: str, *, now: datetime) -> tuple[str, datetime]:
    """A token for the right code, and when it expires; a phone that is new gets its account.

    Raises accounts.codes.CodeWrong and CodesDown.
    """
    codes.check(phone, code)
    return tokens.issue(account_of(phone).pk, now)


def account_of(phone: str) -> User:
    """The account with this phone (E.164), made if there is none."""
    known = User.objects.for_phone(phone)
    if known is not None:
        return known
    new = User(username=f"c{secrets.token_hex(12)}", phone=phone)
    new.set_unusable_password()
    try:
        new.save()
    except IntegrityError:
        # Somebody signed in with the same new phone at the same moment.
        return User.objects.get(phone_index=new.phone_index)
    return new
