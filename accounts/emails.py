"""E-mail addresses as they are stored: plain ASCII, small letters."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

LONGEST = 254


class BadEmail(Exception):
    """It cannot be an address. `message` says what to do and never holds the address."""

    message = _("请填写邮箱地址，例如 name@example.org。")


def normal(email: str) -> str:
    """The address in small letters. Raises BadEmail."""
    plain = unicodedata.normalize("NFKC", email[: LONGEST + 2]).strip().lower()
    try:
        validate_email(plain)
    except ValidationError:
        raise BadEmail from None
    # Letters that look like others would make two addresses that people cannot tell apart.
    if not plain.isascii() or len(plain) > LONGEST:
        raise BadEmail
    return plain
