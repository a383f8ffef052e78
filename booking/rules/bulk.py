"""When accounts look like many in one hand. What is said here locks nobody: a person looks at it, and decides.

The numbers are far above what a big family, a neighbour who helps, or a shared tablet in a community centre comes to.
"""

from dataclasses import dataclass

# How many days back is looked.
DAYS = 30

# Accounts that signed in on one device, and how many of them booked.
DEVICE = "many_accounts_on_a_device"
ACCOUNTS_ON_A_DEVICE, BOOKING_ACCOUNTS_ON_A_DEVICE = 10, 5
# Accounts whose patients are to be reached at one and the same phone.
PHONE = "many_accounts_with_a_phone"
ACCOUNTS_WITH_A_PHONE = 6
# Different people whom one account has booked, though it may have six on its list at a time.
PEOPLE = "many_people_in_an_account"
PEOPLE_IN_AN_ACCOUNT = 15

SIGNS = (DEVICE, PHONE, PEOPLE)


@dataclass(frozen=True, slots=True)
class Noticed:
    """An account with the sign that was noticed, and the numbers that speak for it."""

    account_id: int
    sign: str
    numbers: dict[str, int]


def is_news(numbers: dict[str, int], before: dict[str, int]) -> bool:
    """Whether numbers say more than those that somebody has looked at and dismissed: half as much again."""
    return any(value >= 1.5 * before.get(name, 0) for name, value in numbers.items())
