"""What somebody in the city must look at, from numbers: which threshold is passed, where, and by how much."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

NO_CHECK_IN = "no_check_in"
NO_SHOWS = "no_shows"
STOCK_SHORT = "stock_short"
LONG_WAIT = "long_wait"
DEVICES_OFFLINE = "devices_offline"
BOOKING_ERRORS = "booking_errors"
TEXTS_FAILING = "texts_failing"
RELEASE_SOON = "release_soon"
REACTIONS = "reactions"
DISTRICT_FULL = "district_full"
# Raised by whoever sends messages, not by the city's minute.
MESSAGES_NOT_SENT = "messages_not_sent"

SEVERITY = {
    NO_CHECK_IN: "red",
    BOOKING_ERRORS: "red",
    REACTIONS: "red",
    MESSAGES_NOT_SENT: "red",
    NO_SHOWS: "orange",
    STOCK_SHORT: "orange",
    LONG_WAIT: "orange",
    TEXTS_FAILING: "orange",
    DISTRICT_FULL: "orange",
    DEVICES_OFFLINE: "yellow",
    RELEASE_SOON: "yellow",
}
SEVERITIES = ("red", "orange", "yellow")
# Shares of fewer than that say nothing.
_FEWEST = 10
# One person who was forgotten in a list is no queue: so many must have waited that long.
WAITING_TOGETHER = 3


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on something is an alert; what a city may set (settings.ALERTS)."""

    no_check_in_minutes: int
    no_check_in_due: int
    no_show_percent: int
    wait_minutes: int
    offline_minutes: int
    error_percent: int
    text_percent: int
    release_minutes: int
    reactions: int
    full_days: int


@dataclass(frozen=True, slots=True)
class Found:
    """An alert that the facts call for. `number` is how bad it is, in the kind's own measure."""

    kind: str
    number: int
    site_id: int | None = None
    district: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where, in one word: one alert of a kind is open at a place."""
        if self.site_id is not None:
            return f"site {self.site_id}"
        return f"district {self.district}" if self.district else ""


@dataclass(frozen=True, slots=True)
class SiteNow:
    """A site at this moment.

    `due` people could have come by now and have not; `checked_in` did so within the last minutes that count for
    `no_check_in`. Of the slots of the last two hours that are judged, `missed` of `expected` did not come. The third of
    those who wait longest has waited `waited_minutes`. `offline` devices of `devices` in use do not answer.
    """

    site_id: int
    due: int = 0
    checked_in: int = 0
    missed: int = 0
    expected: int = 0
    waiting: int = 0
    waited_minutes: int = 0
    devices: int = 0
    offline: int = 0
    reactions: int = 0


def of_site(now: SiteNow, limits: Thresholds) -> list[Found]:
    """The alerts that a site's own numbers call for."""
    found = []
    if now.due >= limits.no_check_in_due and not now.checked_in:
        found.append(Found(NO_CHECK_IN, now.due, now.site_id, facts={"minutes": limits.no_check_in_minutes}))
    share = percent(now.missed, now.expected)
    if share > limits.no_show_percent:
        facts = {"missed": now.missed, "expected": now.expected}
        found.append(Found(NO_SHOWS, int(share), now.site_id, facts=facts))
    if now.waited_minutes > limits.wait_minutes:
        found.append(Found(LONG_WAIT, now.waited_minutes, now.site_id, facts={"waiting": now.waiting}))
    if now.offline:
        facts = {"devices": now.devices, "minutes": limits.offline_minutes}
        found.append(Found(DEVICES_OFFLINE, now.offline, now.site_id, facts=facts))
    if now.reactions >= limits.reactions:
        found.append(Found(REACTIONS, now.reactions, now.site_id))
    return found


def of_bookings(tries: int, errors: int, limits: Thresholds) -> list[Found]:
    """Whether too many tries to book ended in "busy" or a fault."""
    share = percent(errors, tries)
    if share <= limits.error_percent:
        return []
    return [Found(BOOKING_ERRORS, max(int(share), 1), facts={"tries": tries, "errors": errors})]


def of_texts(sent: int, failing: int, limits: Thresholds) -> list[Found]:
    """Whether too many text messages are not taken."""
    share = percent(failing, sent + failing)
    return [Found(TEXTS_FAILING, int(share), facts={"failing": failing})] if share > limits.text_percent else []


def of_stock(site_id: int, short: Mapping[str, int]) -> list[Found]:
    """Whether doses are missing for who has booked; `short` says how many of each vaccine, by its code."""
    missing = {code: doses for code, doses in sorted(short.items()) if doses > 0}
    return [Found(STOCK_SHORT, sum(missing.values()), site_id, facts={"vaccines": missing})] if missing else []


def of_district(district: str, is_full: Iterable[bool], limits: Thresholds) -> list[Found]:
    """Whether a district has no place left on so many days in a row; `is_full` of each day with places, in order."""
    longest = run = 0
    for full in is_full:
        run = run + 1 if full else 0
        longest = max(longest, run)
    return [Found(DISTRICT_FULL, longest, district=district)] if longest >= limits.full_days else []


def of_releases(minutes: int | None, facts: Mapping[str, Any], limits: Thresholds) -> list[Found]:
    """Whether places are released within the next minutes; None where no release is known."""
    if minutes is None or minutes > limits.release_minutes:
        return []
    return [Found(RELEASE_SOON, minutes, facts=facts)]


def percent(part: int, whole: int) -> float:
    """How many in a hundred; 0 of a whole that is too small to say anything."""
    return part * 100 / whole if whole >= _FEWEST else 0.0
