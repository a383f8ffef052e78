"""Many people at once: real threads, real connections, real commits."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

# Seconds. A machine with much else to do takes minutes for what takes seconds by itself.
_PATIENCE = 300


def all_at_once(acts: Sequence[Callable[[], Any]], *, threads: int = 32) -> list[Any]:
    """Run every act, starting together; returns each one's result, or the exception that it raised."""
    results: list[Any] = [None] * len(acts)
    waiting = iter(range(len(acts)))
    lock = threading.Lock()
    start = threading.Barrier(min(threads, len(acts)))

    def work() -> None:
        start.wait(timeout=30)
        try:
            while True:
                with lock:
                    position = next(waiting, None)
                if position is None:
                    return
                try:
                    results[position] = acts[position]()
                except Exception as error:
                    results[position] = error
        finally:
            connection.close()

    crowd = [threading.Thread(target=work) for _ in range(start.parties)]
    for person in crowd:
        person.start()
    for person in crowd:
        person.join(timeout=_PATIENCE)
        # What is not there yet is no result, and whoever still writes would write into the next test.
        assert not person.is_alive(), f"not done after {_PATIENCE} seconds"
    return results
