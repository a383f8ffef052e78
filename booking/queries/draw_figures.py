"""How many are in a draw, what they wish for beside what there is, and what came of it."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from booking.models import Draw, DrawEntry, DrawOutcome, DrawState

_WISHES = """
SELECT w.site, count(*) FILTER (WHERE w.nth = 1), count(*)
FROM booking_drawentry e, unnest(e.sites) WITH ORDINALITY AS w(site, nth)
WHERE e.draw_id = %s AND e.withdrawn_at IS NULL
GROUP BY w.site
"""
# Of those who have a slot: whether its site is the first they named, another that they named, or none of these.
_KEPT = """
SELECT count(*) FILTER (WHERE e.sites[1] = t.code),
       count(*) FILTER (WHERE e.sites[1] <> t.code AND t.code = ANY (e.sites)),
       count(*) FILTER (WHERE NOT t.code = ANY (e.sites))
FROM booking_drawentry e JOIN booking_slot s ON s.id = e.slot_id JOIN sites_site t ON t.id = s.site_id
WHERE e.draw_id = %s
"""


@dataclass(frozen=True, slots=True)
class EntryCounts:
    """`any_site`: would take any other site too; `again`: lost an earlier round."""

    entered: int
    any_site: int
    again: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class ResultCounts:
    """What came of a draw; `outcomes` by booking.models.DrawOutcome, "" for those not dealt with yet."""

    first_wish: int
    other_wish: int
    another_site: int
    outcomes: dict[str, int]

    @property
    def entered(self) -> int:
        """Everybody who was drawn."""
        return sum(self.outcomes.values())

    @property
    def placed(self) -> int:
        """Those whom a place was drawn for."""
        return self.first_wish + self.other_wish + self.another_site


def entry_counts(draw_id: UUID) -> EntryCounts:
    """Who is in the draw. One statement."""
    stays = Q(withdrawn_at=None)
    return EntryCounts(
        **DrawEntry.objects.filter(draw_id=draw_id).aggregate(
            entered=Count("pk", filter=stays),
            any_site=Count("pk", filter=stays & Q(any_site=True)),
            again=Count("pk", filter=stays & Q(rounds_lost__gt=0)),
            withdrawn=Count("pk", filter=~stays),
        )
    )


def wishes_by_site(draw_id: UUID) -> dict[str, tuple[int, int]]:
    """By the sites' codes: how many named it first, and how many named it at all."""
    with connection.cursor() as cursor:
        cursor.execute(_WISHES, [draw_id])
        return {code: (first, named) for code, first, named in cursor.fetchall()}


def result_counts(draw_id: UUID) -> ResultCounts:
    """What came of everybody who stayed in it. Two statements."""
    rows = DrawEntry.objects.filter(draw_id=draw_id, withdrawn_at=None).values_list("outcome")
    outcomes = dict(rows.annotate(n=Count("pk")).order_by("outcome"))
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, [draw_id])
        first, other, another = cursor.fetchone()
    return ResultCounts(first, other, another, outcomes)


def carried_over(draw: Draw) -> int:
    """How many of its people a next round would begin with, as far as they may still have the dose."""
    rows = DrawEntry.objects.filter(draw=draw, withdrawn_at=None)
    if draw.state == DrawState.DRAWN:
        rows = rows.filter(outcome__in=[DrawOutcome.NOT_PLACED, DrawOutcome.SLOT_GONE])
    return rows.count()
