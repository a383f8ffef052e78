"""What the steward prepares for draws: places that are drawn, a draw in any state, and time that passes.

Imported by tests.browser.steward, once Django is there.
"""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.utils import timezone

from accounts.models import Patient
from booking.models import Draw, DrawEntry, Programme, ReleaseMode
from booking.operations.draws.advance import advance_draws
from booking.operations.draws.announce import Announcement, announce, call_off
from booking.operations.draws.enter import enter
from booking.operations.draws.run import carry_on, run_draw
from booking.operations.quotas.publish_slots import publish_slots
from booking.queries.programmes import forget_programmes
from sites.models import District
from sites.queries import forget_sites
from tests.factories import make_administrator, make_programme, make_site

_count = iter(range(1, 10_000))
_DAYS_AHEAD = 5


def drawn_places(places: int = 1, sites: int = 1, days: int = 1) -> dict[str, Any]:
    """A programme by draw, with a half hour of so many places a day at sites of its own in Furong."""
    n, now = next(_count), timezone.now()
    programme = make_programme(
        code=f"journey-draw-{n}", name=f"九价 HPV 疫苗 {n}", name_en=f"HPV vaccine {n}", release_mode=ReleaseMode.DRAW
    )
    first = timezone.localdate() + timedelta(days=_DAYS_AHEAD)
    district = District.objects.get(code="430102")
    names = ("文艺路", "朝阳街", "韭菜园", "五里牌", "火星", "马王堆", "东屯渡")
    made = []
    for order in range(sites):
        made.append(
            make_site(
                code=f"DRAW{n:03}{order}", name=f"{names[order]}社区卫生服务中心", name_en=f"Draw site {order + 1}",
                district=district, street="人民路 88 号",
            )
        )  # fmt: skip
        for day in range(days):
            publish_slots(
                site=made[-1], programme=programme, day=first + timedelta(days=day), times=[(time(9), time(9, 30))],
                quota=places, opens_at=now, by=None, now=now,
            )  # fmt: skip
    forget_programmes()
    forget_sites()
    return {
        "programme": programme.pk, "code": programme.code, "sites": [site.code for site in made],
        "names": [site.name for site in made], "first": first.isoformat(),
        "last": (first + timedelta(days=days - 1)).isoformat(),
    }  # fmt: skip


def draw(programme: int, first: str, last: str, opens_in: int = -60, previous: str | None = None, **_: Any) -> str:
    """A draw of these places that opens in so many minutes, and closes two days later; its key."""
    now = timezone.now()
    opens_at = now + timedelta(minutes=opens_in)
    name = Programme.objects.get(pk=programme).name
    said = Announcement(
        programme_id=programme, name=f"{name} 摇号", name_en="HPV vaccine draw", opens_at=opens_at,
        closes_at=opens_at + timedelta(days=2), first_day=datetime.fromisoformat(first).date(),
        last_day=datetime.fromisoformat(last).date(), public_source="上证指数截止次日收盘点位（上海证券交易所公布）",
        public_source_en="Closing level of the SSE Composite Index on the day after entry closes",
        previous_id=UUID(previous) if previous else None,
    )  # fmt: skip
    by = make_administrator()
    return str(announce(said, by=by.pk, now=min(now, opens_at - timedelta(minutes=1))).pk)


def draw_of(programme: int) -> str:
    """The key of the programme's newest draw."""
    return str(Draw.objects.filter(programme=programme).latest("made_at").pk)


def entered(draw: str, person: str, sites: list[str] | None = None, any_site: bool = False) -> dict[str, str]:
    """The person is in the draw: the entry's key and code."""
    patient = Patient.objects.get(pk=UUID(person))
    facts = enter(
        account_id=patient.user_id, patient_id=patient.pk, draw_id=UUID(draw), sites=sites or (),
        any_site=any_site or not sites, now=timezone.now(),
    )  # fmt: skip
    return {"entry": str(facts.entry_id), "code": facts.code}


def entries(draw: str) -> dict[str, dict[str, Any]]:
    """By the patient's key: the entry's key, its code, its sites, and the reference of what came of it."""
    rows = DrawEntry.objects.filter(draw_id=UUID(draw)).select_related("appointment")
    return {
        str(row.patient_id): {
            "entry": str(row.pk), "code": row.code, "sites": row.sites, "rounds_lost": row.rounds_lost,
            "reference": row.appointment.reference if row.appointment else None,
        }
        for row in rows
    }  # fmt: skip


def draw_opens(draw: str) -> None:
    """Its time to open has come."""
    Draw.objects.filter(pk=UUID(draw)).update(opens_at=timezone.now() - timedelta(seconds=1))
    _forget(draw)


def draw_closes(draw: str) -> None:
    """Its time to close has come, and the list is sealed."""
    now = timezone.now()
    Draw.objects.filter(pk=UUID(draw)).update(closes_at=now - timedelta(seconds=1))
    advance_draws(now=now)
    _forget(draw)


def draw_runs(draw: str, value: str = "3387.46") -> None:
    """It is closed and drawn, and every place is given."""
    draw_closes(draw)
    row = Draw.objects.get(pk=UUID(draw))
    run_draw(draw_id=row.pk, public_value=value, by=row.made_by_id, now=timezone.now())
    while carry_on(draw_id=row.pk, now=timezone.now()):
        pass
    _forget(draw)


def draw_called_off(draw: str) -> None:
    """There will be no draw."""
    call_off(draw_id=UUID(draw), now=timezone.now())
    _forget(draw)


def _forget(draw: str) -> None:
    """What is kept of it for a minute is counted again."""
    cache.delete(f"draw:board:{draw}")


ACTS = (
    drawn_places, draw, draw_of, entered, entries, draw_opens, draw_closes, draw_runs, draw_called_off,
)  # fmt: skip
