"""Sessions in the ledger, with a copy in the cache for a few minutes.

Django's own cached_db keeps the copy as long as the session. If the cache was away while somebody signed out, such a
copy would come back to life with it; this one is gone within minutes.
"""

from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.cached_db import SessionStore as CachedDbStore
from django.core.cache import caches

COPY_SECONDS = 300


class _Copies:
    """The cache, with a shorter life for what is put there."""

    def __init__(self, cache: Any) -> None:
        self._cache = cache
        self.get, self.delete = cache.get, cache.delete

    def set(self, key: str, value: Any, timeout: int) -> None:
        self._cache.set(key, value, min(timeout, COPY_SECONDS))

    def __contains__(self, key: str) -> bool:
        return key in self._cache


class SessionStore(CachedDbStore):
    """What settings.SESSION_ENGINE names."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._cache = _Copies(caches[settings.SESSION_CACHE_ALIAS])
