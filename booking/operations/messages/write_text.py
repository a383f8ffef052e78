"""The city writes its own words for a kind of message, or goes back to those that the system brings."""

from datetime import datetime

from django.db import transaction

from booking.models import MessageTemplate
from booking.notifications import KINDS
from booking.rules.message_texts import problems_with


def write_text(*, kind: str, language: str, text: str, by: int, now: datetime) -> str:
    """Have messages of this kind said in these words; returns the city's words until now, empty if it had none.

    The caller has shown what is wrong with the text. Raises ValueError for one that may not be sent.
    """
    known = KINDS[kind]
    if problems_with(text, allowed=[one.name for one in known.placeholders], needed=known.needed):
        raise ValueError("not a text that may be sent")
    with transaction.atomic():
        before = _words(kind, language)
        MessageTemplate.objects.update_or_create(
            kind=kind, language=language, defaults={"text": text, "changed_by_id": by, "changed_at": now}
        )
    return before


def use_system_text(*, kind: str, language: str) -> str:
    """Drop the city's own words; returns them, empty if there were none."""
    with transaction.atomic():
        before = _words(kind, language)
        MessageTemplate.objects.filter(kind=kind, language=language).delete()
    return before


def _words(kind: str, language: str) -> str:
    row = MessageTemplate.objects.select_for_update().filter(kind=kind, language=language).first()
    return row.text if row else ""
