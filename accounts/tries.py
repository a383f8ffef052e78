"""Counting tries by the cache's own atomic steps: guesses at the same moment are counted one by one."""

from django.core.cache import cache


class CannotCount(Exception):
    """The cache does not answer: what could not be counted must not take place."""


def counted(key: str, *, seconds: int) -> int:
    """How often `key` was tried within so many seconds, this time included. Raises CannotCount."""
    for _ in range(2):
        cache.add(key, 0, seconds)
        try:
            count = cache.incr(key)
        except ValueError:
            # The time ended between the two steps.
            continue
        if count < 1:
            break
        if count == 1:
            # If it ran out between the two steps, incr has made one that would never run out.
            cache.touch(key, seconds)
        return count
    raise CannotCount


def forget(key: str) -> None:
    """Begin counting anew."""
    cache.delete(key)
