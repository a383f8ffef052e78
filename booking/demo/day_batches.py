"""The batches of a made-up day: one in use, one that runs out soon, one that has expired; what moved adds up."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from accounts.models import User
from booking.demo.programmes import COVID_BOOSTER, INFLUENZA
from booking.models import Batch, MovementKind, Programme, StockMovement, VaccinationRecord
from sites.models import Site

# Doses received, and how many days after the day they expire.
_IN_USE, _SOON, _EXPIRED = (220, 240), (40, 9), (6, -2)
_MOST_OF_SOON = 34


class Shelf:
    """What a site has of each vaccine that day."""

    def __init__(self, site: Site, day: date, staff: User, *, opened_at: datetime) -> None:
        self.staff, self.opened_at = staff, opened_at
        rows = Programme.objects.filter(code__in=(INFLUENZA.code, COVID_BOOSTER.code)).order_by("-code")
        self.batches: dict[int, list[Batch]] = {}
        for position, row in enumerate(rows):
            self.batches[row.pk] = [
                Batch(
                    site=site,
                    vaccine_id=row.vaccine_id,
                    number=f"{day:%y%m%d}{position + 1}{order + 1}",
                    expires_on=day + timedelta(days=days),
                    doses_per_vial=1 if row.code == INFLUENZA.code else 5,
                    # Twenty digits, like a drug trace code; nobody's begins so.
                    pack_code=f"0000000000{day:%y%m%d}{position + 1}{order + 1}00",
                )
                for order, (_doses, days) in enumerate((_IN_USE, _SOON, _EXPIRED))
            ]
        Batch.objects.bulk_create(self._all())
        self.from_soon = dict.fromkeys(self.batches, 0)

    def _all(self) -> list[Batch]:
        return [batch for batches in self.batches.values() for batch in batches]

    def take(self, programme_id: int, number: int) -> Batch:
        """The batch of somebody's dose."""
        in_use, soon, _expired = self.batches[programme_id]
        if number % 5 == 0 and self.from_soon[programme_id] < _MOST_OF_SOON:
            self.from_soon[programme_id] += 1
            return soon
        return in_use

    def write(self, records: Sequence[VaccinationRecord]) -> None:
        """Everything that came and went."""
        received = (_IN_USE[0], _SOON[0], _EXPIRED[0])
        moves = [
            self._moved(batch, MovementKind.RECEIVED, doses, self.opened_at, f"day-{batch.pk}-received")
            for batches in self.batches.values()
            for batch, doses in zip(batches, received, strict=True)
        ]
        for record in records:
            if record.batch is not None:
                moves.append(
                    self._moved(record.batch, MovementKind.USED, -1, record.given_at, f"dose-{record.pk}", record)
                )
        broken = self.batches[next(iter(self.batches))][0]
        moves.append(self._moved(broken, MovementKind.WASTED, -1, self.opened_at, f"day-{broken.pk}-wasted"))
        StockMovement.objects.bulk_create(moves)

    def _moved(
        self,
        batch: Batch,
        kind: MovementKind,
        doses: int,
        at: datetime,
        key: str,
        record: VaccinationRecord | None = None,
    ) -> StockMovement:
        reason = "瓶子碎了" if kind == MovementKind.WASTED else ""
        return StockMovement(
            batch=batch, kind=kind, doses=doses, record=record, reason=reason, by=self.staff, at=at, key=key
        )
