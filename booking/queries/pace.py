"""How often one person may try to book: a bucket per account, in this process.

It costs nothing and still works when Redis is gone. With n worker processes a person may try n times as often, which
is still far from what a script would need; limits per address stand in front, in nginx.
"""

import threading
import time
from collections import OrderedDict

from django.conf import settings

_MOST_ACCOUNTS = 50_000


class Pace:
    """A token bucket per account: `per_minute` tries, all of which may come at once after a quiet minute."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._lock = threading.Lock()
        self._buckets: OrderedDict[int, tuple[float, float]] = OrderedDict()

    def wait(self, account_id: int) -> int:
        """0 if the account may try now, else the seconds until it may."""
        now = time.monotonic()
        with self._lock:
            left, since = self._buckets.pop(account_id, (float(self._per_minute), now))
            left = min(left + (now - since) * self._per_minute / 60, float(self._per_minute))
            allowed = left >= 1
            self._buckets[account_id] = (left - 1 if allowed else left, now)
            if len(self._buckets) > _MOST_ACCOUNTS:
                self._buckets.popitem(last=False)
        return 0 if allowed else int((1 - left) * 60 / self._per_minute) + 1


booking_pace = Pace(settings.BOOKING_TRIES_PER_MINUTE)
