"""A line that says how far a long command has come: per cent, how many a second, time left."""

import sys
import time

_WIDTH = 24


class Progress:
    """Written over again and again on a terminal; a line of its own every ten seconds in a file.

    `what` is counted, by `unit`: with 1e6, bytes are shown as "MB of the ledger copied".
    """

    def __init__(self, what: str, total: int = 0, *, unit: float = 1) -> None:
        self.what = what
        self._total, self._unit = total, unit
        self._began = self._said = time.monotonic()
        self._done = 0
        self._on_terminal = sys.stdout.isatty()

    def at(self, done: int, of: int | None = None) -> None:
        """Say how many are done, of how many if that has become known, unless it was said just now."""
        self._done, self._total = done, self._total if of is None else of
        now = time.monotonic()
        if now - self._said < (0.2 if self._on_terminal else 10):
            return
        self._said = now
        self._write(end="")

    def end(self) -> None:
        """Say it for the last time, and leave the line."""
        self._write(end="\n" if self._on_terminal else "")

    def _write(self, end: str) -> None:
        done, total = self._done / self._unit, max(self._total, 1) / self._unit
        share = min(done / total, 1.0)
        speed = done / max(time.monotonic() - self._began, 0.001)
        left = _time((total - done) / speed) if 0 < done < total else "0 s"
        bar = "#" * round(share * _WIDTH)
        line = f"[{bar:<{_WIDTH}}] {share:4.0%}  {done:,.0f} of {total:,.0f} {self.what}, {speed:,.0f}/s, {left} left"
        sys.stdout.write(f"\r{line:<100}{end}" if self._on_terminal else f"{line}\n")
        sys.stdout.flush()


def _time(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"
