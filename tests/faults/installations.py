"""Installations whose gate is behind a proxy, is a group with a replica, or a cluster."""

from typing import Any

from tests.bench.installation import Installation
from tests.faults.proxy import Proxy
from tests.faults.servers import GateCluster, GateGroup


class BehindProxy(Installation):
    """What the processes of the city say to the gate goes through `proxy`."""

    proxy: Proxy

    def __enter__(self) -> "BehindProxy":
        super().__enter__()
        self.proxy = Proxy(self.gate.port).__enter__()
        self.environment["REDIS_URL"] = self.gate.url().replace(f":{self.gate.port}/", f":{self.proxy.port}/")
        return self

    def __exit__(self, *exc: object) -> None:
        self.proxy.pass_on()
        self.stop_web()
        self.proxy.__exit__(*exc)
        super().__exit__(*exc)


class WithGroup(Installation):
    """The gate is a master with a replica, and three sentinels."""

    def __init__(self, *arguments: str) -> None:
        super().__init__(*arguments)
        self.gate: Any = GateGroup(self.folder / "gate", self.gate.password)


class WithCluster(Installation):
    """The gate is a cluster of three masters, each with a replica."""

    def __init__(self, *arguments: str) -> None:
        super().__init__(*arguments)
        self.gate: Any = GateCluster(self.folder / "gate", self.gate.password)
