"""What has been chosen so far. It stands in the address, is checked against the account, and is shown on every page."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from booking.operations.releases.brought import NOTHING, Brought
from booking.queries.appointments import AppointmentFacts
from booking.queries.patients import Due, PatientFacts, due, patients_with_doses, rules_of
from booking.queries.programmes import ProgrammeRow, active_programmes
from booking.queries.times import window
from booking.rules.eligibility import earliest_after
from booking.web.dates import day, until
from booking.web.journey import words
from booking.web.journey.bringing import brought_by
from booking.web.me.private import unlocked
from sites.queries import SiteRow, active_site

MOST_PATIENTS = 4
Chosen = dict[str, Any]


def own_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page for whoever is signed in, which nobody keeps; others sign in first and come back to it.

    Whoever's booking was locked is led to the reason, and to the appeal.
    """
    return wraps(view)(never_cache(login_required(unlocked(view))))


@dataclass(frozen=True, slots=True)
class Journey:
    """For whom, what and where. `moving` is the appointment whose time is being changed, if that is what it is.

    `first` are the slots chosen for a dose, one for each patient, while the time of the next dose is being chosen; that
    may be from `next_from` on.
    """

    user_id: int
    now: datetime
    patients: tuple[PatientFacts, ...]
    programme: ProgrammeRow
    dues: tuple[Due, ...]
    site: SiteRow | None = None
    moving: AppointmentFacts | None = None
    first: tuple[int, ...] = ()
    next_from: date | None = None
    brought: Brought = NOTHING

    @property
    def people(self) -> int:
        """How many places are wanted."""
        return max(len(self.patients), 1)

    @property
    def is_later_dose(self) -> bool:
        """Whether it is one person's second or later dose, for which places are kept."""
        return not self.moving and len(self.dues) == 1 and (self.dues[0].dose or 1) > 1

    @property
    def moves_left(self) -> int:
        """How often the appointment may still move."""
        return self.moving.changes_left if self.moving else 0

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @property
    def from_date(self) -> date:
        """The first day that is right for everybody."""
        return max([self.today, *(due.from_date for due in self.dues if due.from_date), self.next_from or self.today])

    @property
    def last(self) -> date:
        return window(self.today)[1]

    def at(self, code: str) -> "Journey":
        """The same at that site. Raises Http404 if there is none in use."""
        site = active_site(code)
        if site is None:
            raise Http404
        return replace(self, site=site)

    def next_dose_from(self, day: date) -> date | None:
        """From when everybody's next dose may be, if the chosen one is on that day; None if there is none to book."""
        doses = [one.dose for one in self.dues if one.dose is not None]
        if self.moving or not doses or max(doses) >= self.programme.doses:
            return None
        earliest = max(earliest_after(rules_of(self.programme), dose, day) for dose in doses)
        return earliest if earliest <= self.last else None

    # --- Addresses ---

    @property
    def first_ids(self) -> str:
        return ",".join(map(str, self.first))

    @property
    def ids(self) -> str:
        return ",".join(str(patient.patient_id) for patient in self.patients)

    def who_url(self) -> str:
        return reverse("book_who")

    def what_url(self) -> str:
        return reverse("book_what", args=[self.ids])

    def where_url(self, **query: Any) -> str:
        if self.moving:
            return _address("move_where", [self.moving.reference], query)
        return _address("book_where", [self.ids, self.programme.code], query)

    def waitlist_url(self) -> str:
        """The page to wait for places on, all who have a dose due together; empty where nobody has."""
        due = [str(one.patient_id) for one, due in zip(self.patients, self.dues, strict=True) if due.dose is not None]
        if self.moving or not due:
            return ""
        query = {"site": self.site.code if self.site else "", "along": ",".join(due[1:])}
        return _address("join_waitlist", [due[0], self.programme.code], query)

    def when_url(self, site_code: str | None = None, **query: Any) -> str:
        """The times of the chosen site, or of another one."""
        code = site_code or (self.site.code if self.site else "")
        if self.moving:
            return _address("move_appointment", [self.moving.reference], {"site": code, **query})
        return _address("book_when", [self.ids, self.programme.code, code], {"first": self.first_ids, **query})

    def check_url(self, **query: Any) -> str:
        if self.moving:
            return _address("move_check", [self.moving.reference], query)
        return _address("book_check", [self.ids, self.programme.code, self.site.code if self.site else ""], query)

    # --- What is shown of it ---

    @property
    def names(self) -> str:
        if self.patients:
            return words.names([patient.name for patient in self.patients])
        return self.moving.patient_name if self.moving else ""

    def person_lines(self) -> list[tuple[str, str]]:
        """Each patient's name with which dose it would be."""
        return [
            (patient.name, words.dose(due.dose, self.programme) if due.dose else "")
            for patient, due in zip(self.patients, self.dues, strict=True)
        ]

    def chosen(self, *, place: bool = True) -> list[Chosen]:
        """The rows of components/summary.html; the site among them if it was chosen and `place`."""
        rows = [self._old_time()] if self.moving else [self._who(), self._what()]
        if place and self.site is not None:
            rows.append(site_row(self.site, self.where_url()))
        return rows

    def _who(self) -> Chosen:
        alone = self.patients[0]
        if len(self.patients) == 1:
            return _row("person", alone.name, words.relation(alone.relation), self.who_url(), _("接种人"))
        return _row("people", self.names, "", self.who_url(), _("接种人"))

    def _what(self) -> Chosen:
        doses = {line for _name, line in self.person_lines()}
        more = doses.pop() if len(doses) == 1 else ""
        return _row("vaccine", words.named(self.programme), more, self.what_url(), _("疫苗"))

    def _old_time(self) -> Chosen:
        old = self.moving
        if old is None:
            return {}
        when = f"{day(old.starts_at)} {until(old.starts_at, old.ends_at)}"
        text = _("%(name)s 现在约的：%(when)s") % {"name": old.patient_name, "when": when}
        return {"icon": "calendar", "text": text, "more": words.named(old.site)}


def wanted_site(request: HttpRequest) -> SiteRow | None:
    """The site whose own page the citizen came from, which is then not asked for again."""
    return active_site(request.GET.get("site", ""))


def site_row(site: SiteRow, change: str) -> dict[str, str]:
    """The site's row of components/summary.html."""
    return _row("place", words.named(site), words.district(site.district), change, _("接种点"))


def journey_of(request: HttpRequest, patients: str, programme: str, site: str | None = None) -> Journey:
    """What the address says. Raises Http404 for anything that is not there, or not this account's."""
    now = timezone.now()
    people = chosen_patients(request, patients)
    wanted = programme_of(programme)
    first, last = window(timezone.localdate(now))
    dues = tuple(due(patient, wanted, today=first, last=last) for patient in people)
    journey = Journey(user_of(request), now, people, wanted, dues, brought=brought_by(request))
    return journey.at(site) if site else journey


def chosen_patients(request: HttpRequest, ids: str) -> tuple[PatientFacts, ...]:
    """The account's patients that the address names, in its order. Raises Http404 if one is not the account's."""
    try:
        wanted = [UUID(text) for text in ids.split(",")]
    except ValueError:
        raise Http404 from None
    own = {patient.patient_id: patient for patient in patients_with_doses(user_of(request))}
    if len(wanted) > MOST_PATIENTS or len(set(wanted)) < len(wanted) or not own.keys() >= set(wanted):
        raise Http404
    return tuple(own[patient_id] for patient_id in wanted)


def programme_of(code: str) -> ProgrammeRow:
    """The active programme. Raises Http404."""
    for programme in active_programmes():
        if programme.code == code:
            return programme
    raise Http404


def user_of(request: HttpRequest) -> int:
    """Whose page it is: own_page lets nobody else in."""
    return int(request.user.pk or 0)


def _row(icon: str, text: str, more: str, change: str, what: str) -> Chosen:
    return {"icon": icon, "text": text, "more": more, "change": change, "what": what}


def _address(name: str, arguments: list[str], query: dict[str, Any]) -> str:
    wanted = {key: value for key, value in query.items() if value not in (None, "", False)}
    return reverse(name, args=arguments) + (f"?{urlencode(wanted)}" if wanted else "")
