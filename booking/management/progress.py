"""A line that says how far a long command has come: per cent, rows a second, time left."""

import sys
import time

_WIDTH = 24


class Progress:
    """Written over again and again on a terminal; a line of its own every ten seconds in a file."""

    def __init__(self, total: int, what: str) -> None:
        self._total, self._what = max(total, 1), what
        self._began = self._said = time.monotonic()
        self._on_terminal = sys.stdout.isatty()

    def at(self, done: int) -> None:
        """Say how many are done, if enough time has passed."""
        now = time.monotonic()
        if now - self._said < (0.2 if self._on_terminal else 10):
            return
        self._said = now
        self._write(done, end="")

    def end(self, done: int) -> None:
        """Say it for the last time."""
        self._write(done, end="\n" if self._on_terminal else "")

    def _write(self, done: int, end: str) -> None:
        share = min(done / self._total, 1.0)
        speed = done / max(time.monotonic() - self._began, 0.001)
        left = _time((self._total - done) / speed) if 0 < done < self._total else "0 s"
        bar = "#" * round(share * _WIDTH)
        line = f"[{bar:<{_WIDTH}}] {share:4.0%}  {done:,} of {self._total:,} {self._what}, {speed:,.0f}/s, {left} left"
        sys.stdout.write(f"\r{line:<100}{end}" if self._on_terminal else f"{line}\n")
        sys.stdout.flush()


def _time(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"
