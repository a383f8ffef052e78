"""The model's slots and its waitlist: quotas, closing, joining, offers and their answers."""

import itertools

from tests.stateful.model import OK, Entry, Offer, Outcome, Row, World, pass_on, same


def set_quota(world: World, slot: int, quota: int) -> list[Outcome]:
    """More places or fewer; never fewer than are taken once freed numbers have been let go."""
    found = world.slots[slot]
    if quota >= found.quota:
        after = world.copy()
        after.slots[slot].quota = quota
        return same(after, OK)
    over = [row.label for row in world.rows if row.slot == slot and row.undo_until and row.undo_until <= world.now]
    asked = [offer for offer in world.offers if offer.slot == slot and offer.state == "PENDING"]
    short = max(world.taken(slot) - quota, 0)
    gone, withdrawn = over[:short], max(short - len(over), 0)
    if withdrawn > len(asked):
        return same(world, "quota_below_taken")
    outcomes = []
    for order in _latest_first(asked):
        after = world.copy()
        for label in gone:
            row = after.row(label)
            assert row is not None
            row.undo_until = None
        for offer in order[:withdrawn]:
            after.offers[world.offers.index(offer)].state = "WITHDRAWN"
        after.slots[slot].quota = quota
        # A place that is held may have a number above the new quota: what the gate makes of it is left open.
        after.slots[slot].doubt |= any(held.slot == slot for held in world.holds.values())
        outcomes.append(Outcome(OK, after))
    return outcomes


def _latest_first(offers: list[Offer]) -> list[list[Offer]]:
    """Every order in which they may be withdrawn: those that were made in one moment come in any."""
    groups = [list(group) for _, group in itertools.groupby(
        sorted(offers, key=lambda offer: offer.expires_at, reverse=True), key=lambda offer: offer.expires_at
    )]  # fmt: skip
    orders = itertools.product(*(itertools.permutations(group) for group in groups))
    return [[offer for group in order for offer in group] for order in orders]


def close(world: World, slot: int) -> list[Outcome]:
    """Nobody new: what is offered is withdrawn, what is taken stays."""
    if world.slots[slot].closed:
        return same(world, OK)
    after = world.copy()
    after.slots[slot].closed = True
    for row in after.rows:
        if row.slot == slot and row.undo_until and row.undo_until <= world.now:
            row.undo_until = None
    for offer in after.offers:
        if offer.slot == slot and offer.state == "PENDING":
            offer.state = "WITHDRAWN"
    return same(after, OK)


def reopen(world: World, slot: int) -> list[Outcome]:
    """As before."""
    after = world.copy()
    after.slots[slot].closed = False
    return same(after, OK)


def join(world: World, patient: int, slot: int) -> list[Outcome]:
    """Wait for a place there; a second wish replaces the first and keeps its turn."""
    if world.live(patient) is not None:
        return same(world, "already_booked")
    after = world.copy()
    entry = after.waiting(patient)
    if entry is None:
        after.entries.append(Entry(patient, slot, world.now))
    else:
        entry.slot = slot
    return same(after, OK)


def leave(world: World, patient: int) -> list[Outcome]:
    """Wait no longer; what is being offered is declined."""
    after = world.copy()
    entry = after.waiting(patient)
    assert entry is not None
    for offer in after.offers:
        if (offer.patient, offer.joined_at) == (patient, entry.joined_at) and _is_open(after, offer):
            _decline(after, offer)
    entry.ended = True
    return same(after, OK)


def accept(world: World, position: int) -> list[Outcome]:
    """Take what is offered: once, in time; whoever cannot have it passes it on."""
    after = world.copy()
    offer = after.offers[position]
    if offer.state == "ACCEPTED":
        return same(world, OK)
    if not _is_open(world, offer):
        return same(world, "offer_gone")
    if world.live(offer.patient) is not None:
        _decline(after, offer)
        return same(after, "already_booked")
    offer.state = "ACCEPTED"
    label = f"offer {offer.patient} {offer.joined_at.timestamp()} {offer.slot}"
    after.rows.append(Row(label, offer.patient, offer.slot, (label,)))
    entry = after.waiting(offer.patient)
    assert entry is not None
    entry.ended = True
    return same(after, OK)


def decline(world: World, position: int) -> list[Outcome]:
    """Say no: the next is asked at once."""
    after = world.copy()
    offer = after.offers[position]
    if offer.state == "DECLINED":
        return same(world, OK)
    if not _is_open(world, offer):
        return same(world, "offer_gone")
    _decline(after, offer)
    return same(after, OK)


def _is_open(world: World, offer: Offer) -> bool:
    return offer.state == "PENDING" and offer.expires_at > world.now and not world.entry_of(offer).ended


def _decline(world: World, offer: Offer) -> None:
    offer.state = "DECLINED"
    pass_on(world, offer.slot, 1)
