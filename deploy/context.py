"""What every page knows about the installation it belongs to."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def installation(request: HttpRequest) -> dict[str, Any]:
    """Template context: whether this is a demonstration, and the phone number people may call."""
    return {"demonstration": settings.DEMONSTRATION, "help_phone": settings.HELP_PHONE}
