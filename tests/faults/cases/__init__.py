"""The faults, in groups that share an installation. The list that they follow is in ARCHITECTURE.md."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from tests.bench.installation import Installation
from tests.faults.behind_nginx import BehindNginx
from tests.faults.cases import clients, clocks, crowds, gate, jobs, messages, overload, release, web
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
    Group("web processes", Installation, web.CASES),
    Group("messages", Installation, messages.CASES),
    Group("behind nginx", BehindNginx, (*clients.CASES, *release.CASES)),
    Group("jobs", jobs.opened, jobs.CASES),
    Group("wrong clocks", clocks.Askew, clocks.CASES),
    Group("too many", BehindNginx, overload.CASES, citizens=24_000),
)
