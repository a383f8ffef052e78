"""Prints messages on the console: the channel of a demonstration."""

import sys

from django.conf import settings

from accounts.channels.outgoing import Outgoing
from accounts.masking import masked_receiver


def send(outgoing: Outgoing) -> None:
    """Print the message; the receiver is masked, because a console is a log, and so is the text of real people's."""
    shown = outgoing.text if settings.DEMONSTRATION else "…"
    sys.stdout.write(f"SMS {masked_receiver(outgoing.to)} [{outgoing.kind}] {shown}\n")
    sys.stdout.flush()
