"""A bar on a terminal for work that takes a while; a line each tenth of it where nobody is looking."""

import time
from typing import IO

_WIDTH = 30


class Bar:
    """`count` and `bytes` say how far it is; `end` leaves the line."""

    def __init__(self, out: IO[str], title: str) -> None:
        self.out, self.title = out, title
        self._terminal, self._shown, self._tenth = out.isatty(), 0.0, ("", -1)

    def bytes(self, done: int, of: int) -> None:
        """So many of so many bytes."""
        self._show(done, of, f"{done / 1e6:,.0f} of {of / 1e6:,.0f} MB")

    def count(self, done: int, of: int) -> None:
        """So many of so many."""
        self._show(done, of, f"{done:,} of {of:,}")

    def end(self) -> None:
        """The next words stand on a line of their own."""
        if self._terminal and self._shown:
            self.out.write("\n")

    def _show(self, done: int, of: int, words: str) -> None:
        share = min(done / of, 1.0) if of else 1.0
        if self._terminal:
            if time.monotonic() - self._shown > 0.1 or done >= of:
                self._shown = time.monotonic()
                filled = round(share * _WIDTH)
                self.out.write(f"\r{self.title} [{'#' * filled}{'.' * (_WIDTH - filled)}] {words}\x1b[K")
                self.out.flush()
        elif (tenth := (self.title, int(share * 10))) != self._tenth:
            self._tenth = tenth
            self.out.write(f"{self.title}: {words}\n")
