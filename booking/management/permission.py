"""Which installations may be filled with what is made up."""

from django.conf import settings
from django.core.management.base import CommandError


def only_in_a_demonstration() -> None:
    """Raises CommandError unless this installation is a demonstration."""
    if not settings.DEMONSTRATION:
        raise CommandError("This is not a demonstration (DEMONSTRATION is not set), so nothing was made up.")


def only_for_trying_out() -> None:
    """Raises CommandError unless this installation is a demonstration or a rehearsal."""
    if not (settings.DEMONSTRATION or settings.REHEARSAL):
        raise CommandError(
            "This is neither a demonstration nor a rehearsal (DEMONSTRATION, REHEARSAL), so nothing was made up."
        )
