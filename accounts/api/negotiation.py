"""What kind of answer a call gets."""

from collections.abc import Iterable
from typing import Any

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class TheOneThereIs(BaseContentNegotiation):
    """Every call has one kind of answer, so the Accept header decides nothing: a clear answer beats a 406."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        """The parser for the body's type; None leads to 415."""
        content_type = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == content_type), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The first renderer."""
        renderer = next(iter(renderers))
        return renderer, renderer.media_type or ""
