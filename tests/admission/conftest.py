"""The same gate on one server and on a real cluster of three masters."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings

from booking.admission.connection import connection
from deploy.embedded import Valkey


@pytest.fixture(scope="session")
def three_masters() -> Iterator[str]:
    """Three Valkey masters on loopback that share the 16,384 hash slots; yields an address of the cluster."""
    with tempfile.TemporaryDirectory(prefix="booking-cluster-") as folder:
        servers = [
            Valkey(Path(folder) / str(n), options=("--cluster-enabled", "yes", "--appendonly", "no")) for n in range(3)
        ]
        try:
            for server in servers:
                server.start()
            clients = [redis.Redis(port=server.port) for server in servers]
            for n, client in enumerate(clients):
                client.execute_command("CLUSTER", "ADDSLOTSRANGE", n * 5462, min(n * 5462 + 5461, 16383))
                client.execute_command("CLUSTER", "MEET", "127.0.0.1", servers[0].port)
            deadline = time.monotonic() + 20
            while not all(b"cluster_state:ok" in _info(client) for client in clients):
                assert time.monotonic() < deadline, "the cluster did not form"
                time.sleep(0.05)
            yield servers[0].url()
        finally:
            for server in servers:
                if server.process is not None:
                    server.process.kill()
                    server.process.wait(10)


def _info(client: redis.Redis) -> bytes:
    found = client.execute_command("CLUSTER", "INFO")
    return found if isinstance(found, bytes) else str(found).replace("'", "").replace(": ", ":").encode()


@pytest.fixture(params=["one server", "cluster"])
def gate(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The gate of this test, empty."""
    if request.param == "cluster":
        url = request.getfixturevalue("three_masters")
        monkeypatch.setitem(settings.GATE, "url", url)
        monkeypatch.setitem(settings.GATE, "cluster", True)
    connection.cache_clear()
    connection().client.flushall()
    yield
    connection.cache_clear()
