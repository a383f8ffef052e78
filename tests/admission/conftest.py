"""The same gate on one server and on a real cluster of three masters."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from booking.admission.connection import connection
from tests.faults.servers import GateCluster, kill


@pytest.fixture(scope="session")
def three_masters() -> Iterator[str]:
    """Three Valkey masters on loopback that share the 16,384 hash slots; yields the address of the cluster."""
    with tempfile.TemporaryDirectory(prefix="booking-cluster-") as folder:
        cluster = GateCluster(Path(folder), replicas=False)
        try:
            cluster.start()
            yield cluster.url()
        finally:
            for server in cluster.servers:
                if server.process is not None:
                    kill(server)


@pytest.fixture(params=["one server", "cluster"])
def gate(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The gate of this test, empty."""
    if request.param == "cluster":
        url = request.getfixturevalue("three_masters")
        monkeypatch.setitem(settings.GATE, "url", url)
    connection.cache_clear()
    connection().client.flushall()
    yield
    connection.cache_clear()
