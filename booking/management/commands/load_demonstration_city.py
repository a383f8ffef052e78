import os
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from booking.demo import people
from booking.demo.city_day import leave_things_to_see_to, load_city_day
from booking.demo.fair.load import load_fair_release
from booking.demo.plans import load_plans
from booking.demo.programmes import load_programmes
from booking.demo.site_day import make_site_day
from booking.demo.slots import DaySlots, load_slots
from booking.management.permission import only_in_a_demonstration
from sites.city import BadCityData, load_city
from sites.models import AdminRole, DeskRole, District, Site


class Command(BaseCommand):
    help = (
        "Fill a demonstration: districts, sites, programmes, two weeks of slots, and administrators, staff members of "
        "one site with a day full of people, and a citizen who can sign in. A second run adds only what is missing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sign-in-file", type=Path, help="where to keep who can sign in (mode 0600)")

    def handle(self, *args: Any, sign_in_file: Path | str | None, **options: Any) -> None:
        only_in_a_demonstration()
        began, now = monotonic(), timezone.now()
        try:
            city = load_city()
        except BadCityData as error:
            raise CommandError(str(error)) from None
        print(f"{city.districts} districts ({city.new_districts} new), {city.sites} sites ({city.new_sites} new)")
        programmes = load_programmes()
        print(f"{len(programmes)} programmes: {', '.join(programmes)}", flush=True)
        load_plans(programmes)
        added = load_slots(programmes, now=now, done=_say)
        print(f"{sum(day.slots for day in added):,} new slots, {monotonic() - began:.1f} s")
        _make_people(Path(sign_in_file) if sign_in_file else None)
        began = monotonic()
        if load_fair_release(now=timezone.now()):
            print(f"Queue, draws, invitations, waitlist: {monotonic() - began:.1f} s", flush=True)


def _say(day: DaySlots) -> None:
    if day.slots:
        print(f"  {day.day:%a %d %b}: {day.slots:,} slots, {day.places:,} places", flush=True)


def _make_people(sign_in_file: Path | None) -> None:
    people.make_demonstration_citizen(now=timezone.now())
    names = (
        people.ADMINISTRATOR, people.DISTRICT_ADMINISTRATOR, people.AUDITOR, people.STAFF_MEMBER, people.NURSE,
    )  # fmt: skip
    known = User.objects.filter(username__in=names).count() == len(names)
    if known and (sign_in_file is None or sign_in_file.exists()):
        print("Who can sign in is unchanged; the passwords were printed when they were made.")
        return
    site = Site.objects.filter(is_active=True).first()
    if site is None:
        raise CommandError("Every site is out of use, so nobody can work at one.")
    # The passwords must not be lost: the accounts get them only if the file was written.
    with transaction.atomic():
        administrators = _make_administrators()
        text = _sign_in_text(administrators, _make_staff(site), site)
        if sign_in_file is not None:
            _write_for_owner(sign_in_file, text)
    print(text, end="")
    _fill_day(site)


def _make_staff(site: Site) -> dict[str, people.SignIn]:
    nursing = (DeskRole.VACCINATION, DeskRole.OBSERVATION)
    _, supervisor = people.make_staff_member(
        username=people.STAFF_MEMBER, site=site, role=DeskRole.SUPERVISOR, name=("刘", "敏")
    )
    _, nurse = people.make_staff_member(
        username=people.NURSE, site=site, role=DeskRole.SCREENING, more=nursing, name=("陈", "静")
    )
    return {"supervisor": supervisor, "nurse": nurse}


def _fill_day(site: Site) -> None:
    began, now = monotonic(), timezone.now()
    made = make_site_day(site=site, day=timezone.localdate(now), now=now)
    if made is not None:
        leave_things_to_see_to(site=site, by=User.objects.get(username=people.STAFF_MEMBER), now=now)
        load_city_day(now=now)
        print(f"{made.people} people today at {site.code}, {monotonic() - began:.1f} s", flush=True)


def _make_administrators() -> dict[str, people.SignIn]:
    now = timezone.now()
    yuelu = District.objects.get(code="430104")
    return {
        "administrator": people.make_administrator(),
        "of Yuelu only": people.make_office(
            username=people.DISTRICT_ADMINISTRATOR, role=AdminRole.DISTRICT, district=yuelu, now=now
        ),
        "auditor": people.make_office(username=people.AUDITOR, role=AdminRole.AUDITOR, now=now),
    }


def _sign_in_text(administrators: dict[str, people.SignIn], staff: dict[str, people.SignIn], site: Site) -> str:
    phone = people.CITIZEN_PHONE.removeprefix("+86")
    lines = [f"  {what:<14} {one.username:<12} {one.password}  at /admin/" for what, one in administrators.items()]
    where = f"at /desk/, {site.name} ({site.code})"
    lines += [f"  {what:<14} {one.username:<12} {one.password}  {where}" for what, one in staff.items()]
    return "\n".join(
        [
            "Who can sign in (administrators then enter the code that the page shows)",
            *lines,
            f"  {'citizen':<14} {phone}  by the code that this installation prints",
            "",
        ]
    )


def _write_for_owner(path: Path, text: str) -> None:
    try:
        # A file that others could read before is not opened again, it is replaced.
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}") from None
