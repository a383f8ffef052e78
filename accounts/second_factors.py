"""Two factors: the app on an administrator's phone, and recovery codes for when the phone is gone."""

import hmac
import secrets
import unicodedata
from base64 import b32encode
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice

from accounts.models import SecondFactor, User

RECOVERY_CODES = 8
# Without what is easily taken for something else.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_DIGITS = 6


class CodeRefused(Exception):
    """The code is wrong, too old, or was used before."""


class MustWait(Exception):
    """There were too many wrong codes; another try counts after `wait` seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__("must wait")
        self.wait = wait


def device_of(user: User) -> SecondFactor | None:
    """The account's confirmed device."""
    return SecondFactor.objects.filter(user=user, confirmed=True).first()


def device_to_confirm(user: User) -> SecondFactor:
    """The device that the account is about to set up; the same one until it is confirmed."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        waiting = SecondFactor.objects.filter(user=user, confirmed=False).first()
        return waiting or SecondFactor.objects.create(user=user, confirmed=False, name="app")


def confirm(user: User, code: str) -> tuple[SecondFactor, list[str]]:
    """Make the device the account's, because its code is right. Returns it with new recovery codes.

    Raises CodeRefused, also where the account has a device already, and MustWait.
    """
    with transaction.atomic():
        # Whoever confirms first has the device; nobody confirms a second one beside it.
        User.objects.select_for_update().get(pk=user.pk)
        device = SecondFactor.objects.select_for_update().filter(user=user, confirmed=False).first()
        if device is None or device_of(user) is not None:
            raise CodeRefused
        refusal = _refusal(device, _tidy(code))
        if refusal is None:
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            return device, new_recovery_codes(user)
    # After the transaction, which keeps the count of wrong codes.
    raise refusal


def check(user: User, code: str) -> Any:
    """The device that the code came from: the app, or the recovery codes, of which it is then used up.

    Raises CodeRefused and MustWait.
    """
    tidy = _tidy(code)
    kind: Any = SecondFactor if tidy.isdigit() and len(tidy) == _CODE_DIGITS else StaticDevice
    with transaction.atomic():
        # Locked, so that guesses at the same moment are counted one by one, and a code works once.
        device = kind.objects.select_for_update().filter(user=user, confirmed=True).first()
        if device is None:
            raise CodeRefused
        refusal = _refusal(device, tidy if kind is SecondFactor else _hidden(user, tidy))
    if refusal is not None:
        # After the transaction, which keeps the count of wrong codes.
        raise refusal
    return device


def new_recovery_codes(user: User) -> list[str]:
    """RECOVERY_CODES codes, as "abcde-fghjk", to be shown once; earlier ones are dead. Only keyed hashes are kept."""
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name="recovery", confirmed=True)
        for code in codes:
            device.token_set.create(token=_hidden(user, code))
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def recovery_codes_left(user: User) -> int:
    """How many recovery codes were not used yet."""
    return StaticDevice.objects.filter(user=user, token_set__isnull=False).count()


def forget(user: User) -> None:
    """Take the account's second factor away: at the next sign-in it sets up a new one."""
    with transaction.atomic():
        SecondFactor.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()


def secret_in_groups(device: SecondFactor) -> str:
    """The secret as people type it: ABCD EFGH …"""
    text = b32encode(device.bin_key).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def demonstration_code(device: SecondFactor | None) -> str:
    """The code that will be taken next, in a demonstration; empty everywhere else."""
    if device is None or not settings.DEMONSTRATION:
        return ""
    app = TOTP(device.bin_key, device.step, device.t0, device.digits)
    moment = timezone.now().timestamp()
    # A code works once, so whoever has just used one is shown the next.
    app.time = max(moment, (device.last_t + 1) * device.step + device.t0)
    return f"{app.token():0{device.digits}d}"


def _refusal(device: Any, token: str) -> CodeRefused | MustWait | None:
    may, facts = device.verify_is_allowed()
    if not may:
        return MustWait(max(1, round((facts["locked_until"] - timezone.now()).total_seconds())))
    return None if device.verify_token(token) else CodeRefused()


def _tidy(code: str) -> str:
    plain = unicodedata.normalize("NFKC", code[:40]).lower()
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())


def _hidden(user: User, code: str) -> str:
    said = f"recovery\x00{user.pk}\x00{code}"
    return hmac.digest(settings.BLIND_INDEX_KEY, said.encode(), "sha256").hex()[:16]
