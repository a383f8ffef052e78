"""Help, the accessibility statement and the privacy table."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from booking.web.public.kept import public

_FIVE_MINUTES = 300


@public(max_age=_FIVE_MINUTES)
def help_page(request: HttpRequest) -> HttpResponse:
    """How to book, what to bring, what if."""
    return render(request, "booking/public/help.html", {"undo_minutes": settings.UNDO_SECONDS // 60})


@public(max_age=_FIVE_MINUTES)
def accessibility(request: HttpRequest) -> HttpResponse:
    """What standard these pages aim at, what is known to be missing, and how to complain."""
    return render(request, "booking/public/accessibility.html")


@public(max_age=_FIVE_MINUTES)
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, why, for how long, and who sees it."""
    return render(request, "booking/public/privacy.html")
