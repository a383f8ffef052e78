"""The language of an API call. The API runs without Django's middleware, so each call reads its own header."""

from typing import Any

from django.utils import translation
from rest_framework.request import Request
from rest_framework.views import APIView


def language_of(header: str | None) -> str:
    """`en` if the header asks for English before Chinese, else `zh-hans`, the city's own language."""
    if not header or header.startswith("zh"):
        return "zh-hans"
    wanted: list[tuple[float, int, str]] = []
    for position, part in enumerate(header.split(",")[:10]):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            weight = 0.0
        wanted.append((-weight, position, tag.strip().lower()))
    for _weight, _position, tag in sorted(wanted):
        if tag.startswith("zh"):
            return "zh-hans"
        if tag.startswith("en"):
            return "en"
    return "zh-hans"


class ApiView(APIView):
    """A REST framework view that answers in the language asked for; `self.language` is `zh-hans` or `en`."""

    language = "zh-hans"

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.language = language_of(request.headers.get("Accept-Language"))
        with translation.override(self.language):
            response = super().dispatch(request, *args, **kwargs)
            if hasattr(response, "render"):
                response = response.render() if getattr(response, "accepted_renderer", None) else response
            return response

    def signed_in(self, request: Request) -> int:
        """The id of the account that is signed in."""
        return int(request.user.id)  # type: ignore[arg-type]
