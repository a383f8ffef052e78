"""The language of an API call. The API runs without Django's middleware, so each call reads its own header."""


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
