"""How full a slot or a day is, in one word."""


def state_of(*, places_left: int, quota: int) -> str:
    """plenty: over half is left; some: a fifth to half; few: under a fifth; full: none."""
    if places_left <= 0 or quota <= 0:
        return "full"
    share = places_left / quota
    if share > 0.5:
        return "plenty"
    return "some" if share >= 0.2 else "few"
