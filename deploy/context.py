"""What every page knows about the installation it belongs to, and how its reader wants it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from booking.web.frame import TEXT_SIZES


def installation(request: HttpRequest) -> dict[str, Any]:
    """Template context: whether this is a demonstration, the phone number people may call, and the text size."""
    wanted = request.COOKIES.get(settings.TEXT_SIZE_COOKIE, "")
    return {
        "demonstration": settings.DEMONSTRATION,
        "help_phone": settings.HELP_PHONE,
        "text_size": wanted if wanted in dict(TEXT_SIZES) else TEXT_SIZES[0][0],
    }
