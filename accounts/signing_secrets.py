"""What signs, and what is still believed: a new SECRET_KEY signs nobody out and makes no code at a door worthless."""

from django.conf import settings


def signing_secrets() -> tuple[str, ...]:
    """The secret that signs, and after it the earlier ones whose signatures are still good."""
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
