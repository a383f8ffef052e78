"""Gates of more than one server, on loopback: a master with a replica and three sentinels; a cluster with replicas.

Each has `url`, `start` and `stop` as one Valkey has. All servers are children of the caller, known by their process.
"""

import contextlib
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis
from redis.crc import key_slot

from deploy import processes
from deploy.embedded import Valkey, free_port
from deploy.wheels import valkey_program

GROUP = "booking"
# A replica need not wait for others that might want the same copy.
_FAST = ("--repl-diskless-sync-delay", "0")
# Milliseconds. A city waits longer before it calls a server dead; the way from there is the same.
_DEAD_AFTER = 1500


def kill(server: Valkey) -> None:
    """kill -9, and wait until it is gone."""
    assert server.process is not None
    server.process.kill()
    server.process.wait(10)


def client(server: Valkey) -> redis.Redis:
    """Straight to this server, whatever it is just now."""
    return redis.Redis.from_url(server.url(), socket_timeout=5, socket_connect_timeout=5)


def role(server: Valkey) -> str:
    """master, slave, or nothing if it does not answer."""
    with contextlib.suppress(redis.RedisError):
        return str(client(server).execute_command("ROLE")[0].decode())
    return ""


def wait_for(true: Callable[[], Any], what: str, seconds: float = 30) -> float:
    """Wait for it; the seconds that it took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        with contextlib.suppress(redis.RedisError, OSError):
            if true():
                return time.monotonic() - began
        time.sleep(0.05)
    raise AssertionError(f"after {seconds} s still not: {what}")


@dataclass
class _Sentinel:
    folder: Path
    master: Valkey
    port: int = 0
    process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def start(self) -> None:
        self.port = self.port or free_port()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        config = self.folder / "sentinel.conf"
        secret = f"sentinel auth-pass {GROUP} {self.master.password}\n" if self.master.password else ""
        config.write_text(
            f"port {self.port}\nbind 127.0.0.1\ndir {self.folder}\nlogfile {self.folder / 'sentinel.log'}\n"
            f"sentinel monitor {GROUP} 127.0.0.1 {self.master.port} 2\n{secret}"
            f"sentinel down-after-milliseconds {GROUP} {_DEAD_AFTER}\nsentinel failover-timeout {GROUP} 6000\n"
        )
        self.process = processes.start([valkey_program(), config, "--sentinel"], output=subprocess.DEVNULL)
        wait_for(lambda: redis.Redis(port=self.port).ping(), "a sentinel answers")

    def stop(self) -> None:
        if self.process is not None:
            processes.finish(self.process)


class GateGroup:
    """A master, a replica, and three sentinels of which two must agree."""

    def __init__(self, folder: Path, password: str = "") -> None:
        self.servers = [Valkey(folder / f"server-{n}", password=password, options=_FAST) for n in range(2)]
        self.sentinels = [_Sentinel((folder / f"sentinel-{n}").resolve(), self.servers[0]) for n in range(3)]
        self.password = password

    def url(self) -> str:
        """The address for REDIS_URL."""
        secret = f":{self.password}@" if self.password else ""
        return f"redis+sentinel://{secret}{','.join(f'127.0.0.1:{one.port}' for one in self.sentinels)}/{GROUP}/0"

    def start(self) -> None:
        """Start all, and wait until the replica follows and the sentinels know one another."""
        for server in self.servers:
            server.start()
        client(self.replica).replicaof("127.0.0.1", self.servers[0].port)
        for sentinel in self.sentinels:
            sentinel.start()
        wait_for(self.is_whole, "the group is whole")

    def stop(self) -> None:
        """Stop all."""
        for one in (*self.sentinels, *self.servers):
            one.stop()

    def is_whole(self) -> bool:
        """Whether the sentinels know one another, and a replica that could take over."""
        for sentinel in self.sentinels:
            said = redis.Redis(port=sentinel.port).sentinel_masters()[GROUP]
            if said["num-other-sentinels"] != 2 or said["num-slaves"] != 1:
                return False
        return client(self.replica).info("replication")["master_link_status"] == "up"

    @property
    def master(self) -> Valkey:
        """The server that takes writes now."""
        return next(server for server in self.servers if role(server) == "master")

    @property
    def replica(self) -> Valkey:
        """The one that was started as the replica."""
        return self.servers[1]


class GateCluster:
    """Three masters that share the keys, and a replica for each of them unless there are to be none."""

    def __init__(self, folder: Path, password: str = "", *, replicas: bool = True) -> None:
        options = (
            "--cluster-enabled", "yes", "--cluster-node-timeout", str(_DEAD_AFTER),
            "--cluster-require-full-coverage", "no", "--cluster-replica-validity-factor", "0", *_FAST,
        )  # fmt: skip
        count = 6 if replicas else 3
        self.servers = [Valkey(folder / f"node-{n}", password=password, options=options) for n in range(count)]
        self.password = password

    def url(self) -> str:
        """The address for REDIS_URL."""
        secret = f":{self.password}@" if self.password else ""
        return f"redis+cluster://{secret}{','.join(f'127.0.0.1:{one.port}' for one in self.servers[:3])}"

    def start(self) -> None:
        """Start all, join them, and wait until every key has its master and its replica."""
        for server in self.servers:
            server.start()
        clients = [client(server) for server in self.servers]
        for n, one in enumerate(clients):
            if n < 3:
                one.execute_command("CLUSTER", "ADDSLOTSRANGE", n * 5462, min(n * 5462 + 5461, 16383))
            one.execute_command("CLUSTER", "SET-CONFIG-EPOCH", n + 1)
            one.execute_command("CLUSTER", "MEET", "127.0.0.1", self.servers[0].port)
        for n, one in enumerate(clients[3:]):
            master = clients[n].execute_command("CLUSTER", "MYID").decode()
            wait_for(lambda one=one, master=master: _knows(one, master), "a replica has met its master")
            one.execute_command("CLUSTER", "REPLICATE", master)
        wait_for(self.is_whole, "the cluster is whole")

    def is_whole(self) -> bool:
        """Whether every node knows all of them, and every replica follows."""
        for one in map(client, self.servers):
            nodes = one.execute_command("CLUSTER NODES").values()
            if len(nodes) != len(self.servers) or any("fail" in node["flags"] for node in nodes):
                return False
            said = one.execute_command("CLUSTER INFO")
            if said["cluster_state"] != "ok" or one.info("replication").get("master_link_status", "up") != "up":
                return False
        return sum(role(server) == "slave" for server in self.servers) == len(self.servers) - 3

    def stop(self) -> None:
        """Stop all."""
        for server in self.servers:
            server.stop()

    def master_of(self, key: str) -> Valkey:
        """The server that has the key now, as the nodes that answer see it."""
        number = key_slot(key.encode())
        for server in self.servers:
            with contextlib.suppress(redis.RedisError):
                for first, last, master, *_ in client(server).execute_command("CLUSTER", "SLOTS"):
                    if first <= number <= last:
                        return next(one for one in self.servers if one.port == master[1])
        raise AssertionError("no node says who has it")


def _knows(one: redis.Redis, node: str) -> bool:
    return node in {known["node_id"] for known in one.execute_command("CLUSTER NODES").values()}
