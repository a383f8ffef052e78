"""The texts of messages as their administrator looks at them: every kind, in every language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from accounts.models import AuditEntry
from booking.models import MessageKind, MessageTemplate
from booking.notifications import KINDS
from booking.notifications.kinds import filled
from booking.notifications.texts import system_text
from booking.rules.message_texts import Length, length_of

# Of the trail, as many as say how it came about.
_HISTORY = 20


@dataclass(frozen=True, slots=True)
class TextFacts:
    """One text: the city's own or the system's, filled in with the longest sample."""

    kind: MessageKind
    language: str
    text: str
    system: str
    sample: str
    length: Length
    changed_at: datetime | None = None
    changed_by: str = ""

    @property
    def is_own(self) -> bool:
        """Whether the city wrote it."""
        return self.changed_at is not None


def message_texts() -> list[tuple[MessageKind, list[TextFacts]]]:
    """Every kind that is told, with its text in every language. One statement."""
    rows = {(row.kind, row.language): row for row in MessageTemplate.objects.select_related("changed_by")}
    return [
        (kind, [_facts(kind, language, rows.get((kind, language))) for language, _name in settings.LANGUAGES])
        for kind in MessageKind
        if kind in KINDS
    ]


def message_text(kind: str, language: str) -> TextFacts | None:
    """One of them; None if there is no such kind or language."""
    if kind not in KINDS or language not in dict(settings.LANGUAGES):
        return None
    row = MessageTemplate.objects.select_related("changed_by").filter(kind=kind, language=language).first()
    return _facts(MessageKind(kind), language, row)


def sample_of(kind: str, language: str, text: str) -> tuple[str, Length]:
    """The text as the longest sample makes it, and how long it is then."""
    said = filled(text, {one.name: one.sample[language] for one in KINDS[kind].placeholders}, language)
    return said, length_of(said)


def name_in_trail(kind: str, language: str) -> str:
    """What the audit trail calls a text: its row comes and goes."""
    return f"booking.messagetemplate {kind} {language}"


def history_of(kind: str, language: str) -> Sequence[AuditEntry]:
    """Who changed it and from what to what, newest first."""
    rows = AuditEntry.objects.filter(what=name_in_trail(kind, language)).select_related("by")
    return list(rows.order_by("-at", "-pk")[:_HISTORY])


def _facts(kind: MessageKind, language: str, row: MessageTemplate | None) -> TextFacts:
    system = system_text(kind, language)
    text = row.text if row else system
    sample, length = sample_of(kind, language, text)
    if row is None:
        return TextFacts(kind, language, text, system, sample, length)
    return TextFacts(kind, language, text, system, sample, length, row.changed_at, row.changed_by.known_as())
