"""How a programme is released, as an administrator sets it: a mode, and who may book from when to when.

It can be written down as plain values and read back, so that the audit trail is what an undo needs.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from booking.rules.release_modes import CohortRule

# Two digits a day: in five days it was everybody's turn.
PAIRS = ("12", "34", "56", "78", "90")
_FIRST_HOUR = time(8)


@dataclass(frozen=True, slots=True)
class NamedCohort:
    """A cohort with its name in both languages."""

    name: str
    name_en: str
    rule: CohortRule

    def facts(self) -> dict[str, Any]:
        """As plain values."""
        rule = self.rule
        return {
            "name": self.name,
            "name_en": self.name_en,
            "digits": "".join(sorted(rule.digits)),
            "born_from": _iso(rule.born_from),
            "born_until": _iso(rule.born_until),
            "opens_at": _iso(rule.opens_at),
            "closes_at": _iso(rule.closes_at),
        }


@dataclass(frozen=True, slots=True)
class ReleaseSetting:
    """A mode (one of models.ReleaseMode) and the programme's cohorts, which count in the mode `cohort` only."""

    mode: str
    cohorts: tuple[NamedCohort, ...] = ()

    @property
    def rules(self) -> list[CohortRule]:
        return [one.rule for one in self.cohorts]

    def facts(self) -> dict[str, Any]:
        """As plain values."""
        return {"release_mode": self.mode, "cohorts": [one.facts() for one in self.cohorts]}

    def digest(self) -> str:
        """The same for what is set the same: to see whether somebody changed it meanwhile."""
        return hashlib.sha256(json.dumps(self.facts(), sort_keys=True).encode()).hexdigest()[:32]


def setting_of(facts: Mapping[str, Any], zone: tzinfo) -> ReleaseSetting:
    """What `facts()` wrote down, with its moments in that zone."""
    return ReleaseSetting(facts["release_mode"], tuple(_cohort(row, zone) for row in facts["cohorts"]))


def _cohort(row: Mapping[str, Any], zone: tzinfo) -> NamedCohort:
    def moment(name: str) -> datetime | None:
        return datetime.fromisoformat(row[name]).astimezone(zone) if row[name] else None

    def day(name: str) -> date | None:
        return date.fromisoformat(row[name]) if row[name] else None

    opens_at = datetime.fromisoformat(row["opens_at"]).astimezone(zone)
    rule = CohortRule(frozenset(row["digits"]), day("born_from"), day("born_until"), opens_at, moment("closes_at"))
    return NamedCohort(row["name"], row["name_en"], rule)


def by_digits(first: date, zone: tzinfo) -> list[CohortRule]:
    """Five cohorts of two digits each, one a day from eight to eight."""
    starts = [datetime.combine(first + timedelta(days=n), _FIRST_HOUR, zone) for n in range(len(PAIRS) + 1)]
    return [
        CohortRule(frozenset(digits), None, None, opens_at, closes_at)
        for digits, opens_at, closes_at in zip(PAIRS, starts, starts[1:], strict=False)
    ]


def in_order(cohorts: Sequence[NamedCohort]) -> tuple[NamedCohort, ...]:
    """The earliest first, as the ledger gives them."""
    return tuple(sorted(cohorts, key=lambda one: one.rule.opens_at))


def _iso(value: date | datetime | None) -> str | None:
    return value.isoformat() if value is not None else None
