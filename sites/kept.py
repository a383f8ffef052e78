"""What a process may repeat for a few seconds without asking the shared cache again.

Pages read the same few lists thousands of times a minute; this saves them the round trips and the unpickling.
"""

import time
from collections.abc import Callable
from typing import Any, ClassVar


class Kept:
    """Answers by key, each repeated for `seconds`. They are shared: whoever gets one leaves it as it is."""

    _all: ClassVar[list["Kept"]] = []

    def __init__(self, seconds: float, most: int = 1000) -> None:
        self._seconds = seconds
        self._most = most
        self._answers: dict[Any, tuple[float, Any]] = {}
        Kept._all.append(self)

    def get(self, key: Any, make: Callable[[], Any]) -> Any:
        """The answer kept under the key, or the one that `make` gives now."""
        kept = self._answers.get(key)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        made = make()
        if len(self._answers) >= self._most:
            self._answers.clear()
        self._answers[key] = (time.monotonic() + self._seconds, made)
        return made

    def forget(self) -> None:
        """The next question is answered afresh."""
        self._answers.clear()

    @classmethod
    def forget_all(cls) -> None:
        """Every next question is answered afresh."""
        for kept in cls._all:
            kept.forget()
