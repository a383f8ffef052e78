"""A morning without the network: what was done at the desks, and how their devices tell it afterwards."""

import functools
import random
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from booking.models import ActKind, Appointment
from booking.operations.desk.act import Act
from booking.operations.desk.answer import ERROR, NOT_YET, Answer
from booking.operations.desk.carry_out_batch import carry_out_batch
from sites.models import Site
from tests.desk_factories import make_desk
from tests.races.crowd import all_at_once

BATCH = "FLU2611"
# A handful are enough, also where each round fails at some of it.
MOST_ROUNDS = 40
# One person's way: what is done, after how many minutes, with which data. Add a line and it is in every test of these.
Way = Sequence[tuple[ActKind, float, dict]]
WHOLE_WAY: Way = [
    (ActKind.CHECK_IN, 0, {"how": "scan"}),
    (ActKind.CALL, 2, {}),
    (ActKind.ANSWER, 4, {"said_yes": [], "decision": "may", "deferred_until": None, "note": ""}),
    (ActKind.VACCINATE, 6, {"batch": BATCH, "body_site": "left_arm", "route": "intramuscular", "lift": []}),
    (ActKind.REACT, 20, {"kind": "fever", "action": "watched", "note": "", "began_at": None}),
    (ActKind.LEAVE, 40, {"early": ""}),
]
TWICE_CHECKED_IN: Way = [
    (ActKind.CHECK_IN, 0, {"how": "scan"}),
    (ActKind.UNDO_CHECK_IN, 0.5, {"reason": "扫错了人"}),
    (ActKind.CHECK_IN, 1, {"how": "scan"}),
    *WHOLE_WAY[2:4],
    WHOLE_WAY[5],
]
# Somebody who is sent to the desk next door: nothing is done that could be done once only.
CALLED_AND_CALLED: Way = [WHOLE_WAY[0], *((ActKind.CALL, minutes, {}) for minutes in (2, 4, 6, 8, 10))]


@dataclass
class Device:
    """A device at a desk, with what it has kept."""

    site: Site
    desk: str
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    acts: list[Act] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.user = make_desk(self.site, "registration", "screening", "vaccination", "observation")
        self._done: list[tuple[datetime, Appointment, ActKind, dict]] = []

    def serves(self, person: Appointment, way: Way, *, at: datetime) -> None:
        """Do all of it, without the network."""
        self._done += [(at + timedelta(minutes=after), person, kind, data) for kind, after, data in way]

    def put_down(self) -> None:
        """Number everything in the order it was done, each with the one before it about the same person."""
        last: dict[str, str] = {}
        for sequence, (at, person, kind, data) in enumerate(sorted(self._done, key=lambda done: done[0]), start=1):
            key, reference = str(uuid.uuid4()), person.reference
            self.acts.append(
                Act(
                    key=key,
                    device=self.id,
                    sequence=sequence,
                    after=last.get(reference),
                    kind=kind,
                    reference=reference,
                    happened_at=at,
                    offline=True,
                    desk=self.desk,
                    by=self.user.pk,
                    data=data,
                )
            )
            last[reference] = key


Told = dict[tuple[uuid.UUID, str], list[Answer]]


def come_back(devices: Iterable[Device], *, now: datetime, seed: int = 1, threads: int = 16) -> Told:
    """All devices send what they have: in batches, out of order, half of it twice, all at once; until nothing is left.

    Returns every last word that was said of each act.
    """
    chance, told = random.Random(seed), defaultdict(list)
    waiting = {device.id: list(device.acts) for device in devices}
    by_id = {device.id: device for device in devices}
    for _ in range(MOST_ROUNDS):
        if not any(waiting.values()):
            return told
        sendings = [sending for key, acts in waiting.items() for sending in _batches(by_id[key], acts, chance)]
        chance.shuffle(sendings)
        answered = all_at_once(
            [functools.partial(_send, device, acts, now) for device, acts in sendings], threads=threads
        )
        before, failed = sum(len(acts) for acts in waiting.values()), False
        for (device, acts), answers in zip(sendings, answered, strict=True):
            if isinstance(answers, Exception):
                raise answers
            for act, answer in zip(acts, answers, strict=True):
                # A machine with much to do fails at one or the other; a device sends that again.
                failed |= answer.outcome == ERROR
                if answer.outcome not in (NOT_YET, ERROR):
                    told[device.id, act.key].append(answer)
        waiting = {key: [act for act in acts if (key, act.key) not in told] for key, acts in waiting.items()}
        assert failed or sum(len(acts) for acts in waiting.values()) < before, "nothing more is taken"
    raise AssertionError(f"after {MOST_ROUNDS} rounds there is still something to send")


def _batches(device: Device, acts: list[Act], chance: random.Random) -> list[tuple[Device, list[Act]]]:
    sent = acts + chance.sample(acts, len(acts) // 2)
    chance.shuffle(sent)
    return [(device, sent[first : first + 7]) for first in range(0, len(sent), 7)]


def _send(device: Device, acts: list[Act], now: datetime) -> list[Answer]:
    return carry_out_batch(acts, site=device.site, sent_by=device.user.pk, now=now)
