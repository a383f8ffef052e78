"""Public reads through nginx, beside a static file and a view that does nothing: `make bench ARGS="--proxy"`.

A client in Python is far slower than nginx, so requests are sent many at a time on each connection, and answers are
counted in what comes back, not taken apart.
"""

import select
import socket
import statistics
import time
import urllib.request

from tests.bench import load, queue
from tests.bench.installation import Installation
from tests.bench.scenarios import API, Scenarios
from tests.front import Nginx

CONNECTIONS, AT_A_TIME, SECONDS, RUNS = 16, 50, 2.0, 3
OF_A_FILE, TIMES_TRIVIAL = 0.8, 10
# So many of the city come to a queue within the first five minutes.
HALF = 0.5
_ANSWER = b"HTTP/1.1 200"
_NO_LIMITS = {"requests": 1_000_000, "burst": 1_000_000, "connections": 10_000}


def measure(city: Installation, worker_class: str) -> tuple[list[str], bool]:
    """The figures as lines, and whether both targets are met."""
    filled = city.script("tests.bench.fill", "100", "0", "1")
    number = city.script("tests.bench.queue")
    city.start_web(worker_class)
    try:
        with Nginx(
            city.folder / "nginx", [f"127.0.0.1:{city.port}"], static=city.folder / "static", **_NO_LIMITS
        ) as nginx:
            day = Scenarios.day_path(filled["rounds"][0])
            size = _size(nginx.port, day)
            (city.folder / "static" / "as-large.json").write_bytes(b"x" * size)
            asked = {
                "static file of the same size": (nginx.port, "/static/as-large.json"),
                "availability of a day": (nginx.port, day),
                "page of a queue": (nginx.port, f"/queue/{number}/"),
                "state of a queue": (nginx.port, f"/queue/{number}/state.json"),
                "trivial view, no nginx": (city.port, f"{API}/bench/trivial"),
            }
            rates: dict[str, list[float]] = {name: [] for name in asked}
            for _ in range(RUNS):
                for name, (port, path) in asked.items():
                    rates[name].append(blast(port, load.get(path)))
    finally:
        city.stop_web()
    return _told({name: statistics.median(found) for name, found in rates.items()}, size)


def blast(port: int, request: bytes) -> float:
    """How many such requests a second are answered 200."""
    poll = select.epoll()
    lines = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(CONNECTIONS)]
    by_file = {line.fileno(): line for line in lines}
    left = dict.fromkeys(by_file, 0)
    ends = dict.fromkeys(by_file, b"")
    for file, line in by_file.items():
        poll.register(file, select.EPOLLIN)
        line.sendall(request * AT_A_TIME)
        left[file] = AT_A_TIME
    answered, started = 0, time.perf_counter()
    while (now := time.perf_counter()) - started < SECONDS and by_file:
        for file, _event in poll.poll(0.1):
            received = by_file[file].recv(1 << 20)
            if not received:
                # nginx ends a connection after so many requests.
                poll.unregister(file)
                by_file.pop(file).close()
                _open_again(port, request, poll, by_file, left, ends)
                continue
            data = ends[file] + received
            found = data.count(_ANSWER)
            ends[file] = data[-len(_ANSWER) + 1 :]
            answered += found
            left[file] -= found
            if left[file] <= AT_A_TIME // 2:
                by_file[file].sendall(request * AT_A_TIME)
                left[file] += AT_A_TIME
    for line in by_file.values():
        line.close()
    poll.close()
    return answered / (now - started)


def _open_again(
    port: int, request: bytes, poll: select.epoll, by_file: dict[int, socket.socket], left: dict[int, int],
    ends: dict[int, bytes],
) -> None:  # fmt: skip
    line = socket.create_connection(("127.0.0.1", port), timeout=10)
    file = line.fileno()
    by_file[file], left[file], ends[file] = line, AT_A_TIME, b""
    poll.register(file, select.EPOLLIN)
    line.sendall(request * AT_A_TIME)


def _size(port: int, path: str) -> int:
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": "localhost"})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return len(answer.read())


def _told(rates: dict[str, float], size: int) -> tuple[list[str], bool]:
    available = rates["availability of a day"]
    of_a_file = available / rates["static file of the same size"]
    trivial = available / rates["trivial view, no nginx"]
    peaks = queue.peaks(HALF)
    waiting = sum(peaks[what] for what in ("page", "state"))
    # A machine's time is what it takes for each: the page and the state are asked for side by side.
    needed = peaks["page"] / rates["page of a queue"] + peaks["state"] / rates["state of a queue"]
    targets = [
        (f"availability, as a share of a file of its {size:,} bytes", of_a_file, OF_A_FILE, of_a_file >= OF_A_FILE),
        ("availability, as a multiple of a trivial view", trivial, TIMES_TRIVIAL, trivial >= TIMES_TRIVIAL),
    ]
    return [
        f"{'a second':>56}",
        *(f"{name:<44}{rate:>12,.0f}" for name, rate in rates.items()),
        *(
            f"{name:<52}{value:>8.2f}  at least {least}: {'met' if met else 'NOT MET'}"
            for name, value, least, met in targets
        ),
        f"half of {queue.PEOPLE:,} people within five minutes, the others within the hour: {waiting:,.0f} pages and "
        f"looks a second at the most, {needed:.0%} of what nginx does beside this client; the application makes one of "
        "each a second",
    ], all(met for *_, met in targets)
