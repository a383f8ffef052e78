"""What every adapter of this package gives: who somebody is, by the word of an issuer that the city trusts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.phones import BadPhone, normal


class NotVouched(Exception):
    """It is forged, too old, used, or not meant for us. `reason` is for the log and holds nothing about a person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Vouched:
    """The issuer's own name for a person, and their phone (E.164) if the issuer has checked it."""

    issuer: str
    subject: str = field(repr=False)
    phone: str | None = field(default=None, repr=False)


def vouched_by(claims: Mapping[str, Any]) -> Vouched:
    """From claims that were checked: iss, sub, and phone_number where phone_number_verified is true."""
    issuer, subject = claims.get("iss"), claims.get("sub")
    if not (isinstance(issuer, str) and isinstance(subject, str) and issuer and 0 < len(subject) <= 255):
        raise NotVouched("no subject")
    phone = claims.get("phone_number")
    if claims.get("phone_number_verified") is not True or not isinstance(phone, str):
        return Vouched(issuer, subject)
    try:
        return Vouched(issuer, subject, normal(phone))
    except BadPhone:
        return Vouched(issuer, subject)
