"""A draw and who is in it."""

import hashlib
import random
from datetime import date, timedelta

from booking.models import Draw, Programme, ReleaseMode
from booking.operations.draws.advance import advance_draws
from booking.operations.draws.announce import Announcement, announce
from booking.operations.draws.enter import enter
from booking.operations.draws.run import carry_on, run_draw
from booking.queries.draw_entries import MyEntry
from booking.queries.release_modes import forget_release_modes
from booking.rules.draw import Entry, Places, entry_name
from tests.factories import CLOCK, make_administrator, make_patient, make_programme, make_site, make_slot

OPENS, CLOSES = CLOCK + timedelta(hours=1), CLOCK + timedelta(days=2)
DURING, AFTER = OPENS + timedelta(minutes=1), CLOSES + timedelta(minutes=1)
FIRST = (CLOCK + timedelta(days=5)).date()


def make_draw_slot(programme=None, site=None, *, places=1, day=0, hour=9):
    """A slot on a day of the draw, counted from its first."""
    starts_at = CLOCK.replace(hour=hour) + timedelta(days=5 + day)
    programme = programme or make_programme(release_mode=ReleaseMode.DRAW)
    return make_slot(site or make_site(), programme, quota=places, starts_at=starts_at)


def said_of(programme: Programme, **fields) -> Announcement:
    """An announcement as it should be."""
    right = {
        "programme_id": programme.pk,
        "name": "九价摇号",
        "name_en": "HPV draw",
        "opens_at": OPENS,
        "closes_at": CLOSES,
        "first_day": FIRST,
        "last_day": FIRST + timedelta(days=6),
        "public_source": "2026 年 11 月 27 日双色球开奖号码",
        "public_source_en": "The lottery numbers of 27 November 2026",
    }
    return Announcement(**{**right, **fields})


def make_draw(slot=None, *, now=CLOCK, **fields) -> Draw:
    """An announced draw of the slot's programme; without one it has one place."""
    slot = slot or make_draw_slot()
    forget_release_modes()
    return announce(said_of(slot.programme, **fields), by=make_administrator().pk, now=now)


def make_entry(draw: Draw, patient=None, *, sites=(), days=(), any_site=None, now=DURING) -> MyEntry:
    """Somebody is entered; without sites, anywhere."""
    patient = patient or make_patient()
    return enter(
        account_id=patient.user_id,
        patient_id=patient.pk,
        draw_id=draw.pk,
        sites=sites,
        days=days,
        any_site=not sites if any_site is None else any_site,
        now=now,
    )


def have_drawn(draw: Draw, *, public_value="03 08 14 21 27 33 + 12", now=AFTER) -> Draw:
    """Close it, draw it, and give every place."""
    advance_draws(now=now)
    run_draw(draw_id=draw.pk, public_value=public_value, by=draw.made_by_id, now=now)
    while carry_on(draw_id=draw.pk, now=now):
        pass
    draw.refresh_from_db()
    return draw


def random_draw(chance: random.Random, *, entries=60, sites=6, days=4):
    """Places and entries of a city that chance made, some of them odd on purpose."""
    codes = [f"S{n:06}" for n in range(sites)]
    dates = [(date(2026, 12, 1) + timedelta(days=n)).isoformat() for n in range(days)]
    number = iter(chance.sample(range(1, 10_000), sites * days * 2))
    places = [
        Places(next(number), site, day, time, chance.randint(1, 3))
        for site in codes
        for day in dates
        for time in ("09:00", "14:00")
        if chance.random() < 0.6
    ]
    made = []
    for n in range(entries):
        wanted = chance.sample([*codes, "S999999"], chance.randint(0, 5))
        made.append(
            Entry(
                name=entry_name("a draw", hashlib.sha256(f"{chance.random()} {n}".encode()).hexdigest()[:16]),
                sites=tuple(wanted),
                days=tuple(sorted(chance.sample(dates, chance.randint(0, days - 1)))),
                any_site=not wanted or chance.random() < 0.3,
                rounds_lost=chance.randint(0, 3),
            )
        )
    return places, made
