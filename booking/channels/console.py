"""Prints messages on the console: the channel of a demonstration."""

import sys

from accounts.masking import masked_phone


def send(*, to: str | None, text: str, key: str) -> None:
    """Print the message; the phone number is masked, because a console is a log."""
    sys.stdout.write(f"SMS {masked_phone(to) if to else '-'} [{key.split(':')[0]}] {text}\n")
    sys.stdout.flush()
