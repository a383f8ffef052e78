"""How people behave in a rehearsal: they read, wait for the release, press, try again, choose another time, give up."""

import json
from collections.abc import Generator
from typing import Any

from booking.demo.citizens import MadeCitizen
from booking.rehearsal.engine import Answer, Ask, Steps
from booking.rehearsal.ground import SiteOnGround
from booking.rehearsal.town import PATIENCE, Caller, Town, slots_path
from booking.rehearsal.wire import header, member

# What came of somebody's visit.
PLACE, SOLD_OUT, GAVE_UP, FAILED = "place", "sold_out", "gave_up", "failed"
_FULL = ("slot_full", "slot_closed", "hold_expired")
_FASTEST, _SLOWEST = 0.2, 2.5

Asking = Generator[Any, Any, Answer]
Slots = list[dict[str, Any]]


def visit(town: Town, citizen: MadeCitizen, machine: int) -> Steps:
    """One citizen's whole visit, from the list of districts to a place or to giving up, and what some do later."""
    dice, curve = town.dice, town.curve
    impatient = dice.random() < curve.impatient
    caller = Caller(citizen, town.hosts[machine], dice.uniform(0.7, 1.3) * curve.impatience if impatient else PATIENCE)
    district = town.ground.district(dice)
    yield from read(caller, "districts", "/districts")
    yield town.think()
    yield from read(caller, "sites", f"/sites?district={district}&programme={town.ground.programme}")
    yield town.think()
    site = town.ground.site(district, dice)
    slots = yield from slots_of(town, caller, site)
    while (left := town.opens - town.now()) > 0:
        # Somebody who waits for the release looks again and again, and presses in its moment.
        yield min(dice.uniform(*curve.reload), left)
        if town.opens > town.now():
            slots = yield from slots_of(town, caller, site)
    yield dice.uniform(_FASTEST, _SLOWEST) if curve.early else town.think()
    references = yield from win_a_place(town, caller, site, slots)
    if references:
        yield from change_ones_mind(town, caller, district, references[0])


# --- Reading ----------------------------------------------------------------------------------------------------------


def read(caller: Caller, kind: str, path: str) -> Generator[Any, Any, bytes]:
    """Read a page, again after a while where it does not come; what stands on it, nothing if it never comes."""
    for tried in range(3):
        answer: Answer = yield caller.read(kind, path)
        if answer.status == 200:
            caller.seen[path] = (header(answer.head, b"etag").decode(), answer.body)
            return answer.body
        if answer.status == 304:
            return caller.seen[path][1]
        yield wait_after(answer, tried, 0.5)
    return b""


def slots_of(town: Town, caller: Caller, site: SiteOnGround) -> Generator[Any, Any, Slots]:
    """A site's slots with room, of one of its days."""
    body = yield from read(caller, "slots", slots_path(town, site, town.dice.choice(site.days)))
    found: Slots = json.loads(body)["results"] if body else []
    return [slot for slot in found if slot["places_left"] >= len(caller.patients)]


def wait_after(answer: Answer, tried: int, chance: float) -> float:
    """How long one waits before trying again: as the server says, or longer each time; never all at once.

    `chance`, from 0 to 1, spreads people.
    """
    said = header(answer.head, b"retry-after")
    if said.isdigit():
        return int(said) * (1 + chance / 2) + chance
    return float(min(2**tried, 16)) * (0.5 + chance)


# --- Winning a place --------------------------------------------------------------------------------------------------


class _Try:
    """What somebody is after now. The same key for the same wish, however often it is sent."""

    __slots__ = ("fulls", "heard", "hold", "holds_first", "key", "pressed", "slot", "tried")

    def __init__(self, town: Town, slot: int, holds_first: bool) -> None:
        self.pressed = town.now()
        self.holds_first = holds_first
        self.fulls = 0
        # Whether a yes or no came already.
        self.heard = False
        self.aim(town, slot)

    def aim(self, town: Town, slot: int) -> None:
        """Want this one from now on."""
        self.slot = slot
        self.key = town.key()
        self.hold: str | None = None
        self.tried = 0

    def ask(self, caller: Caller) -> Ask:
        """The next request."""
        if self.holds_first and self.hold is None:
            return caller.hold(self.slot, self.key)
        return caller.book(self.slot, self.key, self.hold)


def win_a_place(
    town: Town, caller: Caller, site: SiteOnGround, slots: Slots
) -> Generator[Any, Any, list[str]]:  # fmt: skip
    """Try until there is a place or no hope; the references of what was booked."""
    dice = town.dice
    wish = _Try(town, 0, len(caller.patients) == 1 and dice.random() < town.curve.holds)
    if not (yield from _choose(town, caller, site, slots, wish, [])):
        return _end(town, SOLD_OUT)
    wish.pressed = town.now()
    while town.now() - wish.pressed < town.curve.gives_up:
        answer: Answer = yield wish.ask(caller)
        _heard(town, wish, answer)
        if answer.status == 201 and wish.holds_first and wish.hold is None:
            wish.hold, wish.key, wish.tried = member(answer.body, b"id"), town.key(), 0
            yield town.think()
        elif answer.status == 201:
            return _won(town, caller, wish, answer)
        elif answer.status == 409 and member(answer.body, b"code") in _FULL:
            wish.fulls += 1
            if wish.fulls > town.curve.tries:
                return _end(town, SOLD_OUT)
            if not (yield from _choose(town, caller, site, [], wish, _nearest(answer))):
                return _end(town, SOLD_OUT)
        elif answer.status == 409 and member(answer.body, b"code") == "not_open":
            yield dice.uniform(0.3, 1.5)
            wish.key = town.key()
        elif answer.status in (429, 503) or answer.status <= 0:
            yield wait_after(answer, wish.tried, dice.random())
            wish.tried += 1
        else:
            return _end(town, FAILED)
    return _end(town, GAVE_UP)


def _heard(town: Town, wish: _Try, answer: Answer) -> None:
    if not wish.heard and answer.status in (201, 409):
        wish.heard = True
        town.measures.to_answer.add(town.now() - wish.pressed)


def _won(town: Town, caller: Caller, wish: _Try, answer: Answer) -> list[str]:
    if len(caller.patients) > 1:
        references = [str(one["reference"]) for one in json.loads(answer.body)["results"]]
    else:
        references = [member(answer.body, b"reference")]
    for reference in references:
        town.journal.booked(reference)
    town.measures.has_place(len(references), town.now() - wish.pressed)
    _end(town, PLACE)
    return references


def _end(town: Town, outcome: str) -> list[str]:
    town.measures.outcomes[outcome] += 1
    return []


def _nearest(answer: Answer) -> Slots:
    try:
        return list(json.loads(answer.body).get("nearest", []))
    except ValueError:
        return []


def _choose(
    town: Town, caller: Caller, site: SiteOnGround, slots: Slots, wish: _Try, near: Slots
) -> Generator[Any, Any, bool]:
    """Choose a time: of what the page shows, of what the refusal offers, or of another site's page."""
    room = [slot for slot in near if slot["places_left"] >= len(caller.patients)]
    if room and town.dice.random() < 0.6:
        slots = room
    for _ in range(3):
        if slots:
            yield town.think(0.5)
            # Many want the first that there is.
            first = town.dice.random() < 0.3
            wish.aim(town, int((slots[0] if first else town.dice.choice(slots))["id"]))
            return True
        site = town.ground.site(site.district, town.dice)
        slots = yield from slots_of(town, caller, site)
    return False


# --- Later ------------------------------------------------------------------------------------------------------------


def change_ones_mind(town: Town, caller: Caller, district: str, reference: str) -> Steps:
    """Some cancel, and some take another time."""
    chance, curve = town.dice.random(), town.curve
    if chance >= curve.cancels + curve.moves:
        return
    yield town.think(6)
    if chance < curve.cancels:
        yield from give_up(town, caller, reference)
        return
    slots = yield from slots_of(town, caller, town.ground.site(district, town.dice))
    if slots:
        yield town.think()
        yield from insist(caller.move(reference, int(town.dice.choice(slots)["id"]), town.key()), town)


def give_up(town: Town, caller: Caller, reference: str) -> Steps:
    """Cancel the appointment."""
    town.journal.cancelling(reference)
    answer = yield from insist(caller.cancel(reference, town.key()), town)
    if answer.status == 200:
        town.journal.cancelled(reference)


def insist(ask: Ask, town: Town) -> Asking:
    """Send it until there is an answer, five times at the most, with the same key."""
    answer: Answer = yield ask
    for tried in range(4):
        if answer.status > 0 and answer.status not in (429, 503):
            break
        yield wait_after(answer, tried, town.dice.random())
        answer = yield ask
    return answer
