"""Callers that arrive together do their work together: one round trip or one commit for all of them."""

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from booking.metrics import GROUP_SIZE

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


class Expected:
    """A caller who is on the way to a group, and may yet turn back. Leaving the `with` block is turning back."""

    __slots__ = ("_grouped", "_is_over")

    def __init__(self, grouped: "Grouped[Item, Result]") -> None:
        self._grouped = grouped
        self._is_over = False

    def __enter__(self) -> "Expected":
        self._grouped._expect(1)
        return self

    def __exit__(self, *exc: object) -> None:
        self.over()

    def over(self) -> None:
        """The caller has arrived, or will not come. A second time changes nothing."""
        if not self._is_over:
            self._is_over = True
            self._grouped._expect(-1)


class Grouped(Generic[Item, Result]):
    """Turns a function over many items into one over a single item.

    Whoever comes first works for everybody who has come by then; who comes meanwhile forms the next group. The first
    waits for those who are known to be on their way (`expected`), for `patience` seconds at the most: a group has a
    price of its own, whatever its size. A lone caller never waits, and there is no thread of its own.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Item]], Sequence[Result]],
        *,
        most: int,
        patience: float = 0,
        counted_as: str | None = None,
    ) -> None:
        self._work = work
        self._most = most
        self._patience = patience
        self._sizes = GROUP_SIZE.labels(counted_as) if counted_as else None
        self._lock = threading.Lock()
        self._waiting: list[_Waiting[Item, Result]] = []
        self._leading = False
        self._on_their_way = 0
        # Rung when nobody is on the way any more; there is one while a leader waits for that.
        self._bell: threading.Lock | None = None

    def expected(self) -> Expected:
        """To be entered by a caller who will probably come: `with grouped.expected() as coming: … grouped(item)`."""
        return Expected(self)

    def __call__(self, item: Item, coming: Expected | None = None) -> Result:
        """The result for this item. An error of the group's work is raised for each of its callers."""
        mine: _Waiting[Item, Result] = _Waiting(item)
        with self._lock:
            self._waiting.append(mine)
            lead = not self._leading
            if lead:
                self._leading = True
        if coming is not None:
            coming.over()
        if lead:
            self._lead(mine)
        else:
            mine.wake.acquire()
            if mine.leads:
                self._lead(mine)
        if mine.error is not None:
            raise mine.error
        return mine.result  # type: ignore[return-value]

    def _expect(self, change: int) -> None:
        with self._lock:
            self._on_their_way += change
            bell = self._bell if self._on_their_way == 0 or len(self._waiting) >= self._most else None
            if bell is not None:
                self._bell = None
        if bell is not None:
            bell.release()

    def _await_the_others(self) -> None:
        with self._lock:
            if not self._on_their_way or len(self._waiting) >= self._most:
                return
            bell = self._bell = threading.Lock()
            bell.acquire()
        bell.acquire(timeout=self._patience)
        with self._lock:
            self._bell = None

    def _lead(self, mine: _Waiting[Item, Result]) -> None:
        if self._patience:
            self._await_the_others()
        with self._lock:
            group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        try:
            if self._sizes is not None:
                self._sizes.observe(len(group))
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
