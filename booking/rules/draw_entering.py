"""In which band the number of a draw's entries lies, and what can be done to a wish."""

from booking.rules.draw import MOST_SITES

# A count is told as lying between two of these: nobody can count who comes and goes.
_STEPS = (0, 100, 500, 1_000, 5_000, 10_000, 50_000, 100_000, 500_000, 1_000_000)


def band(count: int) -> tuple[int, int | None]:
    """At least, and fewer than; without an end: more than the last step."""
    at_least = max(step for step in _STEPS if step <= count)
    return at_least, next((step for step in _STEPS if step > count), None)


def with_site(sites: tuple[str, ...], code: str) -> tuple[str, ...]:
    """The wishes with one more at the end; unchanged if it is among them, or there are as many as there may be."""
    return sites if code in sites or len(sites) >= MOST_SITES else (*sites, code)


def moved_up(sites: tuple[str, ...], code: str) -> tuple[str, ...]:
    """The wishes with this one before the one that was before it."""
    if code not in sites or sites[0] == code:
        return sites
    at = sites.index(code)
    return (*sites[: at - 1], code, sites[at - 1], *sites[at + 1 :])
