"""Child processes that end when they are told to, and do not outlive whoever started them."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _end_with_starter(stop_signal: signal.Signals) -> Callable[[], None] | None:
    # The kernel sends the signal when the starting *thread* ends, so only the main thread may ask for it.
    if _libc is None or threading.current_thread() is not threading.main_thread():
        return None
    libc, starter = _libc, os.getpid()

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(stop_signal))
        if os.getppid() != starter:
            os.kill(os.getpid(), stop_signal)

    return ask


def start(
    arguments: Sequence[str | Path],
    *,
    stop_signal: signal.Signals = signal.SIGTERM,
    output: IO[bytes] | int | None = None,
    environment: Mapping[str, str] | None = None,
    account: tuple[int, int] | None = None,
    folder: Path | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a process in a session of its own; on Linux it gets `stop_signal` when the caller's process dies.

    `account` is (user id, group id) to run under; `output` takes both standard output and errors; the process
    stands in `folder`, or where the caller stands.
    """
    user, group = account if account else (None, None)
    return subprocess.Popen(
        [str(argument) for argument in arguments],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        env=environment,
        cwd=folder,
        user=user,
        group=group,
        extra_groups=[] if account else None,
        # Ctrl-C reaches the whole foreground group; a session of its own lets the starter choose the order.
        start_new_session=True,
        preexec_fn=_end_with_starter(stop_signal),
    )


def finish(
    process: "subprocess.Popen[bytes]", *, stop_signal: signal.Signals = signal.SIGTERM, seconds: float = 30
) -> None:
    """Ask the process to stop, wait up to `seconds`, then end whatever is left of its session by force."""
    if process.poll() is None:
        process.send_signal(stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def birth(pid: int) -> str | None:
    """Something that tells this process from a later one with the same number; None if there is no such process."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (OSError, UnicodeDecodeError):
            return None
        return None if fields[0] == "Z" else fields[19]
    done = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


def end_leftover(pid: int, born: str, seconds: float = 20) -> bool:
    """End a process, and its session, that an earlier start left behind. True if it was still there.

    `born` is what `birth` said when it was started: another process that got the number since is left alone.
    """
    if birth(pid) != born:
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while birth(pid) == born and time.monotonic() < deadline:
        time.sleep(0.05)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    return True
