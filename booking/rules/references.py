"""The 12-digit number that a citizen quotes: eleven random digits and a check digit (ISO/IEC 7064, MOD 11,10)."""

import secrets


def check_digit(digits: str) -> str:
    """The digit that makes `digits` + digit valid; it catches every single wrong digit."""
    remainder = 10
    for digit in digits:
        remainder = (remainder + int(digit)) % 10 or 10
        remainder = remainder * 2 % 11
    return str((11 - remainder) % 10)


def new_reference() -> str:
    """A reference that nobody can guess from another one. The ledger makes sure that it is not taken."""
    digits = str(secrets.randbelow(9 * 10**10) + 10**10)
    return digits + check_digit(digits)
