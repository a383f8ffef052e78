"""The faults, in groups that share an installation. The list that they follow is in ARCHITECTURE.md."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from tests.bench.installation import Installation
from tests.faults.behind_nginx import BehindNginx
from tests.faults.cases import (
    backups,
    clients,
    clocks,
    crowds,
    disk,
    failover,
    gate,
    gate_cluster,
    gate_failover,
    gate_network,
    jobs,
    ledger,
    many_machines,
    messages,
    overload,
    pooler,
    release,
    web,
    web_kill,
)
from tests.faults.dying import dying_installation
from tests.faults.installations import BehindProxy, WithCluster, WithGroup
from tests.faults.ledgers import Proxied, Replicated, Small
from tests.faults.rush import Say

# A case breaks something of the installation, with citizens and slots of its own, and checks every promise.
Case = Callable[[Installation, dict[str, Any], Say], None]


@dataclass(frozen=True)
class Group:
    """Cases that share an installation, and what starts and stops it."""

    name: str
    opened: Callable[[], AbstractContextManager[Installation]]
    cases: tuple[Case, ...]
    citizens: int = 6000


GROUPS = (
    Group("crowds", Installation, crowds.CASES),
    Group("the gate", Installation, gate.CASES),
    Group("the way to the gate", BehindProxy, gate_network.CASES),
    Group("the gate fails over", WithGroup, gate_failover.CASES),
    Group("a cluster as the gate", WithCluster, gate_cluster.CASES),
    Group("web processes die at a point", dying_installation, web_kill.CASES),
    Group("web processes", Installation, web.CASES),
    Group("the ledger", Proxied, ledger.CASES),
    Group("a small disk", Small, disk.CASES),
    Group("a replicated ledger", Replicated, failover.CASES),
    Group("a pooler", pooler.Pooled, pooler.CASES),
    Group("messages", Installation, messages.CASES),
    Group("backups", Installation, backups.CASES),
    Group("behind nginx", BehindNginx, (*clients.CASES, *release.CASES)),
    Group("many machines", many_machines.ManyMachines, many_machines.CASES),
    Group("jobs", jobs.opened, jobs.CASES),
    Group("wrong clocks", clocks.Askew, clocks.CASES),
    Group("too many", BehindNginx, overload.CASES, citizens=24_000),
)
