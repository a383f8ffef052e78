"""A gate of more than one server: masters die, replicas take over, keys move; nobody is asked to help."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from booking import admission
from booking.admission import GateDown, SlotState, Verdict
from booking.admission.connection import Call, Connection, Script, connection
from booking.admission.keys import slot_keys
from deploy.embedded import Valkey
from tests.faults.servers import GateCluster, GateGroup, client, kill, wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def opened(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """The gate of this test is a group, or a cluster with replicas."""
    servers = request.param(tmp_path, password="sesame")
    try:
        servers.start()
        monkeypatch.setitem(settings.GATE, "url", servers.url())
        connection.cache_clear()
        yield servers
    finally:
        connection.cache_clear()
        servers.stop()


def load(slot_id: int, quota: int = 100) -> None:
    tickets = admission.begin_load_many([slot_id])
    state = SlotState(slot_id, quota=quota, opens_ms=0, closed=False, keep_seconds=3600, taken=())
    assert admission.finish_load_many([(state, tickets[slot_id])]) == [True]


def can_claim(slot_id: int, claim: str) -> bool:
    try:
        return admission.admit(slot_id, claim, lease=30).verdict in (Verdict.NEW, Verdict.HAD)
    except GateDown:
        return False


@pytest.mark.parametrize("opened", [GateGroup], indirect=True)
def test_a_killed_master_is_followed_to_its_replica(opened: GateGroup) -> None:
    load(7)
    assert can_claim(7, "before")
    wait_for(lambda: client(opened.replica).exists(slot_keys(7)[3]), "the replica has it")

    kill(opened.servers[0])
    began = time.monotonic()
    assert not can_claim(7, "meanwhile")
    wait_for(lambda: can_claim(7, "after"), "the new master is asked")

    assert time.monotonic() - began < 20
    assert admission.snapshot(7).keys() >= {"before", "after"}
    assert not connection().gone


def test_a_server_that_takes_no_writes_is_no_gate(tmp_path: Path) -> None:
    server = Valkey(tmp_path, options=("--appendonly", "no"))
    server.start()
    try:
        connected = Connection(server.url(), connections=2, timeout=0.5, retry_after=0.1)
        script, keys = Script.named("swap_hold"), ("hold",)
        connected.run([Call(script, keys, ("text", 60))])
        client(server).replicaof("127.0.0.1", 1)

        with pytest.raises(GateDown):
            connected.run([Call(script, keys, ("text", 60))])

        client(server).replicaof("NO", "ONE")
        wait_for(lambda: not connected.gone, "it is asked again")
        connected.run([Call(script, keys, ("text", 60))])
    finally:
        server.stop()


def slot_on(connected: Connection, node: str) -> int:
    return next(slot for slot in range(1, 500) if connected.node_of(slot_keys(slot)[0]) == node)


@pytest.mark.parametrize("opened", [GateCluster], indirect=True)
def test_a_dead_node_harms_only_its_own_slots_and_its_replica_takes_over(opened: GateCluster) -> None:
    connected = connection()
    dies, *others = connected.nodes()
    dead, well = slot_on(connected, dies), slot_on(connected, others[0])
    for slot in (dead, well):
        load(slot)
    server = opened.master_of(slot_keys(dead)[0])
    wait_for(opened.is_whole, "the replicas follow")

    kill(server)
    answers = admission.admit_many([admission.Try(slot, "claim", 30) for slot in (dead, well, dead)])

    assert [isinstance(answer, GateDown) for answer in answers] == [True, False, True]
    assert connected.gone == [dies]
    assert admission.places_left([dead, well]) == {well: 99}
    assert set(admission.summaries([dead, well], partly=True)) == {well}
    with pytest.raises(GateDown):
        admission.summaries([dead, well])
    with pytest.raises(GateDown):
        admission.settle_many([(dead, "claim", 1), (well, "claim", 1)])
    assert admission.summaries([well])[well].settled == 1
    wait_for(lambda: can_claim(dead, "after"), "the replica is asked")
    assert can_claim(well, "after")
    wait_for(lambda: not connected.gone, "no breaker is open")


@pytest.mark.parametrize("opened", [GateCluster], indirect=True)
def test_keys_that_move_to_another_node_are_followed(opened: GateCluster) -> None:
    connected = connection()
    source, target, *_ = connected.nodes()
    slot = slot_on(connected, source)
    load(slot)
    assert can_claim(slot, "before")
    giver = opened.master_of(slot_keys(slot)[0])
    taker = next(server for server in opened.servers if str(server.port) == target.rpartition(":")[2])
    ids = {one.port: client(one).execute_command("CLUSTER", "MYID").decode() for one in (giver, taker)}
    number = int(client(giver).execute_command("CLUSTER", "KEYSLOT", slot_keys(slot)[0]))
    client(taker).execute_command("CLUSTER", "SETSLOT", number, "IMPORTING", ids[giver.port])
    client(giver).execute_command("CLUSTER", "SETSLOT", number, "MIGRATING", ids[taker.port])

    # ASK: a slot whose keys are not there any more is asked for at the other node.
    for key in client(giver).execute_command("CLUSTER", "GETKEYSINSLOT", number, 100):
        client(giver).execute_command(
            "MIGRATE", "127.0.0.1", taker.port, key, 0, 5000, "AUTH", "sesame"
        )  # fmt: skip
    assert admission.places_left([slot]) == {slot: 99}
    # MOVED: from now on the other node has it.
    for server in (taker, giver):
        client(server).execute_command("CLUSTER", "SETSLOT", number, "NODE", ids[taker.port])

    assert can_claim(slot, "after")
    assert connected.node_of(slot_keys(slot)[0]) == target
    assert admission.snapshot(slot).keys() == {"before", "after"}
    assert not connected.gone


@pytest.mark.parametrize("opened", [GateCluster], indirect=True)
def test_a_cluster_that_is_not_there_yet_is_found_by_itself(opened: GateCluster) -> None:
    for server in opened.servers:
        kill(server)
    connected = Connection(opened.url(), connections=4, timeout=0.3, retry_after=0.1)
    for _ in range(3):
        with pytest.raises(GateDown):
            connected.ping()

    for server in opened.servers:
        server.start()

    wait_for(lambda: not connected.gone, "it is found")
    wait_for(lambda: answers(connected), "all nodes answer")


def answers(connected: Connection) -> bool:
    try:
        connected.ping()
    except GateDown:
        return False
    return True
