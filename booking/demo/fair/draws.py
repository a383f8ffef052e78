"""Two draws: one that was drawn days ago, and one that people may enter for two days."""

import gzip
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from accounts.models import Patient
from booking.demo.fair.crowd import Crowd
from booking.demo.fair.programmes import DRAWN
from booking.demo.fair.setting import Setting
from booking.models import Draw, DrawEntry, DrawFile
from booking.operations.draws.announce import Announcement, announce
from booking.operations.draws.carry_over import carry_over
from booking.operations.draws.close import close
from booking.operations.draws.run import carry_on, run_draw
from booking.rules.draw import draw as draw_lots
from booking.rules.draw import entry_name
from booking.rules.draw_file import read_list
from booking.rules.references import new_entry_code

_STARTS = (time(9), time(14))
_DRAWN_DAYS, _OPEN_DAYS = (3, 6), (8, 12)
_IN_THE_DRAWN, _IN_THE_OPEN = 199, 300
_SOURCE = "演示用的编造号码（真的摇号写哪天哪期的开奖号码）"
_SOURCE_EN = "Numbers made up for the demonstration (a real draw names the lottery and its day)"


def hold_draws(setting: Setting, crowd: Crowd) -> None:
    """Whoever lost the first one, the demonstration's citizen too, is in the second one and comes first there."""
    for first, last in (_DRAWN_DAYS, _OPEN_DAYS):
        setting.publish(DRAWN.code, first=first, last=last, starts=_STARTS, quota=2)
    chance = Random("entries")
    opens_at, closes_at = setting.at(-9, time(9)), setting.at(-3, time(12))
    drawn = _announced(setting, ("第一轮", "first round"), opens_at, closes_at, _DRAWN_DAYS)
    _enter(drawn, [setting.citizen, *crowd.women(_IN_THE_DRAWN)], setting, chance)
    _have_drawn(drawn, setting)
    opens_at, closes_at = setting.at(-1, time(14)), setting.at(2, time(20))
    now_open = _announced(setting, ("第二轮", "second round"), opens_at, closes_at, _OPEN_DAYS, previous=drawn)
    carry_over(now_open.pk, now=opens_at - timedelta(hours=23))
    _enter(now_open, crowd.women(_IN_THE_OPEN - now_open.entries.count()), setting, chance)


def _announced(
    setting: Setting, names: tuple[str, str], opens_at: datetime, closes_at: datetime, days: tuple[int, int],
    previous: Draw | None = None,
) -> Draw:  # fmt: skip
    said = Announcement(
        programme_id=setting.programmes[DRAWN.code].pk,
        name=f"四价 HPV 疫苗{names[0]}摇号",
        name_en=f"4-valent HPV vaccine, {names[1]}",
        opens_at=opens_at,
        closes_at=closes_at,
        first_day=setting.today + timedelta(days=days[0]),
        last_day=setting.today + timedelta(days=days[1]),
        public_source=_SOURCE,
        public_source_en=_SOURCE_EN,
        previous_id=previous.pk if previous else None,
    )
    return announce(said, by=setting.administrator.pk, now=opens_at - timedelta(days=1))


def _enter(draw: Draw, patients: Sequence[Patient], setting: Setting, chance: Random) -> None:
    codes = [site.code for site in setting.sites]
    days = [draw.first_day + timedelta(days=n) for n in range((draw.last_day - draw.first_day).days + 1)]
    until = min(draw.closes_at, setting.now)
    DrawEntry.objects.bulk_create(
        DrawEntry(
            draw=draw,
            account_id=patient.user_id,
            patient=patient,
            person=patient.person,
            code=new_entry_code(),
            sites=chance.sample(codes, min(len(codes), chance.randint(1, 3))),
            days=_some(days, chance),
            any_site=chance.random() < 0.4,
            entered_at=draw.opens_at + (until - draw.opens_at) * chance.random(),
        )
        for patient in patients
    )


def _some(days: Sequence[date], chance: Random) -> list[date]:
    """Half of them could come on any day."""
    return [] if chance.random() < 0.5 else sorted(chance.sample(days, len(days) - 1))


def _have_drawn(draw: Draw, setting: Setting) -> None:
    closed_at = draw.closes_at + timedelta(minutes=1)
    close(draw_id=draw.pk, now=closed_at)
    drawn_at = draw.closes_at + timedelta(hours=10)
    own = DrawEntry.objects.get(draw=draw, patient=setting.citizen)
    value = _value_without(draw.pk, str(draw.seed), entry_name(str(draw.pk), own.code))
    run_draw(draw_id=draw.pk, public_value=value, by=setting.administrator.pk, now=drawn_at)
    while carry_on(draw_id=draw.pk, now=drawn_at):
        pass


def _value_without(draw_id: UUID, seed: str, loser: str) -> str:
    """Made-up lottery numbers with which that entry gets no place: the next round shows what that is worth."""
    places, entries = read_list(gzip.decompress(bytes(DrawFile.objects.get(draw=draw_id).entry_list)))
    chance = Random(seed)
    while True:
        red = sorted(chance.sample(range(1, 34), 6))
        value = " ".join(f"{number:02}" for number in red) + f" + {chance.randint(1, 16):02}"
        found = next(one for one in draw_lots(seed, value, entries, places) if one.name == loser)
        if found.slot is None:
            return value
