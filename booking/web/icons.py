"""The pictures by which a home screen knows our pages."""

from django.templatetags.static import static


def app_icons() -> list[dict[str, str]]:
    """As a web manifest lists them."""
    return [
        {"src": static("booking/favicon.svg"), "type": "image/svg+xml", "sizes": "any"},
        {"src": static("booking/icon-180.png"), "type": "image/png", "sizes": "180x180"},
        {"src": static("booking/icon-512.png"), "type": "image/png", "sizes": "512x512"},
    ]
