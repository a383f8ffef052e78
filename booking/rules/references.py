"""What a citizen quotes.

Of an appointment twelve digits: eleven random ones and a check digit (ISO/IEC 7064, MOD 11,10). Of an entry in a draw
sixteen signs.
"""

import secrets

from booking.rules.draw import CODE_LENGTH, SIGNS


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


def new_entry_code() -> str:
    """A code for an entry in a draw: 80 random bits."""
    return "".join(secrets.choice(SIGNS) for _ in range(CODE_LENGTH))
