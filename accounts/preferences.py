"""How an account wants its pages, on whatever device it signs in."""

from django.conf import settings
from django.http import HttpResponse

from accounts.models import User

_YEAR = 365 * 86_400


def keep_text_size(*, user_id: int, text_size: str) -> None:
    """Remember it for the account; as models.TextSize names it."""
    User.objects.filter(pk=user_id).update(text_size=text_size)


def apply_settings(response: HttpResponse, user: User) -> None:
    """Set the cookie that pages go by to the size that the account has chosen, if it ever chose one."""
    if user.text_size:
        set_text_size_cookie(response, user.text_size)


def set_text_size_cookie(response: HttpResponse, text_size: str) -> None:
    """Have this browser show pages in that size for a year."""
    response.set_cookie(
        settings.TEXT_SIZE_COOKIE, text_size, max_age=_YEAR, secure=settings.SECURE, httponly=True, samesite="Lax"
    )
