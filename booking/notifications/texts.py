"""The text of a kind of message: the city's own, or the one that the system brings."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.template.loader import get_template

from accounts.channels import template_of
from booking.models import MessageTemplate

Texts = Mapping[tuple[str, str], str]


@lru_cache(maxsize=128)
def system_text(kind: str, language: str) -> str:
    """The text that the system brings."""
    found: Any = get_template(template_of(kind.lower(), language))
    return str(found.template.source).strip()


def city_texts() -> Texts:
    """The city's own texts, by kind and language."""
    rows = MessageTemplate.objects.values_list("kind", "language", "text")
    return {(kind, language): text for kind, language, text in rows}


def text_of(kind: str, language: str, texts: Texts) -> str:
    """The text that is sent."""
    return texts.get((kind, language)) or system_text(kind, language)
