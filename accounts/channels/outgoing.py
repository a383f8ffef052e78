"""What a channel is handed, and how it says that it could not send it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.template.loader import render_to_string
from django.utils import translation


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one phone (E.164) or e-mail address. Its repr shows neither the receiver nor the text."""

    to: str = field(repr=False)
    # Which message it is ("code", "booked"): providers that send approved templates only choose by it.
    kind: str
    text: str = field(repr=False)
    # The same key is the same message, however often it is sent.
    key: str
    language: str = "zh-hans"
    # What fills a provider's template: by name, or by position in this order.
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)
    subject: str = ""


class NotSent(Exception):
    """The message was not accepted. `reason` is the gateway's code or the kind of failure, never a number or text."""

    def __init__(self, reason: str) -> None:
        # Gateways put the receiver's number into their sentences, so only what looks like a code is passed on.
        self.reason = reason if re.fullmatch(r"[A-Za-z][A-Za-z0-9_.\- ]{0,60}|\d{3}", reason) else "refused"
        super().__init__(self.reason)


def template_of(kind: str, language: str) -> str:
    """The name of the text's template: notifications/booked.txt, notifications/booked.en.txt."""
    return f"notifications/{kind}{'.en' if language == 'en' else ''}.txt"


def written(kind: str, language: str, facts: Mapping[str, str]) -> str:
    """The text of a message whose template needs nothing but its facts."""
    with translation.override(language):
        return render_to_string(template_of(kind, language), dict(facts)).strip()
