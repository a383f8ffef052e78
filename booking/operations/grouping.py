"""Callers that arrive together do their work together: one round trip or one commit for all of them."""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class _Waiting(Generic[Item, Result]):
    __slots__ = ("error", "item", "leads", "result", "wake")

    def __init__(self, item: Item) -> None:
        self.item = item
        # Held until somebody wakes this caller: a bare lock costs a fraction of an Event.
        self.wake = threading.Lock()
        self.wake.acquire()
        # Set by a leader who has finished: woken not because the work is done, but to do the next group's.
        self.leads = False
        self.result: Result | None = None
        self.error: BaseException | None = None


class Grouped(Generic[Item, Result]):
    """Turns a function over many items into one over a single item.

    Whoever comes first works for everybody who has come by then; who comes meanwhile forms the next group. A lone
    caller therefore never waits, and the groups grow only when callers do. There is no thread of its own and no timer.
    """

    def __init__(self, work: Callable[[Sequence[Item]], Sequence[Result]], *, most: int) -> None:
        self._work = work
        self._most = most
        self._lock = threading.Lock()
        self._waiting: list[_Waiting[Item, Result]] = []
        self._leading = False

    def __call__(self, item: Item) -> Result:
        """The result for this item. An error of the group's work is raised for each of its callers."""
        mine: _Waiting[Item, Result] = _Waiting(item)
        with self._lock:
            self._waiting.append(mine)
            lead = not self._leading
            if lead:
                self._leading = True
        if lead:
            self._lead(mine)
        else:
            mine.wake.acquire()
            if mine.leads:
                self._lead(mine)
        if mine.error is not None:
            raise mine.error
        return mine.result  # type: ignore[return-value]

    def _lead(self, mine: _Waiting[Item, Result]) -> None:
        with self._lock:
            group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        try:
            results = self._work([waiting.item for waiting in group])
            for waiting, result in zip(group, results, strict=True):
                waiting.result = result
        except BaseException as error:
            for waiting in group:
                waiting.error = error
        with self._lock:
            successor = self._waiting[0] if self._waiting else None
            self._leading = successor is not None
        for waiting in group:
            if waiting is not mine:
                waiting.wake.release()
        if successor is not None:
            successor.leads = True
            successor.wake.release()
