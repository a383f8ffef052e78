"""The three roles, and the tests for each. What a role may do is decided where it is done."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User

CITIZEN = "citizen"
STAFF = "staff"
ADMINISTRATOR = "administrator"

# What a site's staff do at the desk; the names are those of the screens.
DESK_ROLES = ("registration", "screening", "vaccination", "observation", "supervisor")


def is_administrator(user: "User") -> bool:
    """True for an active account that may enter the admin."""
    return user.is_active and user.is_staff


def is_citizen(user: "User") -> bool:
    """True for an active account that signs in by phone."""
    return user.is_active and user.phone_index is not None
