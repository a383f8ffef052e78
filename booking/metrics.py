"""What this process counts and times while it works. No label holds anything about a person, nor an id or a path.

Here are the names only; whoever does the work counts it, once for a whole group where there is one. What can be asked
of ledger and gate at any time is not counted here: deploy/city_metrics.py asks.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
_SIZES = (1, 2, 4, 8, 16, 32, 64, 128)


def _counter(name: str, says: str, *labels: str) -> Counter:
    return Counter(name, says, labels, registry=REGISTRY)


def _seconds(name: str, says: str, *labels: str) -> Histogram:
    return Histogram(name, says, labels, buckets=_SECONDS, registry=REGISTRY)


def _now(name: str, says: str, *labels: str) -> Gauge:
    # Of processes that run now, added up.
    return Gauge(name, says, labels, multiprocess_mode="livesum", registry=REGISTRY)


# --- Doors --------------------------------------------------------------------------------------------------------

REQUESTS = _counter("vaccine_requests", "Requests by door; 429 and 503 apart from their class.", "door", "status")
REQUEST_SECONDS = _seconds("vaccine_request_seconds", "From a request's first line to its answer's.", "door")
ACTS = _counter("vaccine_acts", "What people did: done, or the code of the refusal.", "act", "outcome")

# --- The gate -----------------------------------------------------------------------------------------------------

GATE_SECONDS = _seconds("vaccine_gate_seconds", "One round trip to the gate, whatever is in it.")
GATE_FAILURES = _counter("vaccine_gate_failures", "Round trips that the gate did not answer.")
BREAKER_OPENINGS = _counter("vaccine_gate_breaker_openings", "How often processes began to do without the gate.")
BREAKER_OPEN = _now("vaccine_gate_breaker_open", "Processes that do without the gate.")
SLOTS_LOADED = _counter("vaccine_slots_loaded", "Slots brought from the ledger to the gate.")
LEDGER_ONLY = _counter("vaccine_ledger_only", "Bookings that came while there was no gate.", "outcome")
LEDGER_ONLY_RUNNING = _now("vaccine_ledger_only_running", "Bookings being written without the gate.")

# --- The ledger ---------------------------------------------------------------------------------------------------

LEDGER_SECONDS = _seconds("vaccine_ledger_seconds", "The ledger's part of a group of bookings.")
LEDGER_FAILURES = _counter("vaccine_ledger_failures", "Groups of bookings whose outcome the ledger did not tell.")
POOL_CONNECTIONS = _now("vaccine_ledger_pool_connections", "Connections of the processes' pools.", "state")
POOL_WAITING = _now("vaccine_ledger_pool_waiting", "Threads that wait for a connection.")

# --- Working together ---------------------------------------------------------------------------------------------

GROUP_SIZE = Histogram(
    "vaccine_group_size",
    "How many callers shared a round trip or a commit.",
    ["work"],
    buckets=_SIZES,
    registry=REGISTRY,
)
WAITS = _counter("vaccine_waits_for_another", "Callers who waited for what somebody else was making.", "what")
