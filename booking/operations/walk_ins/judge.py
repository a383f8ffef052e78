"""May the person at the desk have a dose of this programme today? Judged by what they had in every account."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from booking.models import Appointment, Programme
from booking.operations.refusals import NotEligible, NotFound
from booking.operations.walk_ins.examine_person import Examined
from booking.operations.walk_ins.refusals import HasAppointment
from booking.queries.desk.person_doses import person_doses
from booking.queries.sample_person import rules_now
from booking.rules.eligibility import ProgrammeRules, decide
from sites.models import Site


@dataclass(frozen=True, slots=True)
class Judged:
    """They may have this dose of the programme today."""

    who: Examined
    programme: Programme
    dose: int


def judge(who: Examined, programme_code: str, *, site: Site, now: datetime) -> Judged:
    """Raises NotFound for a programme, NotEligible, and HasAppointment for the dose."""
    programme = Programme.objects.filter(code=programme_code, is_active=True).first()
    if programme is None:
        raise NotFound(what="programme")
    # Where somebody lives is not on their document; whoever comes to a site is taken as living in its district.
    person = person_doses(who.person, programme.pk, birth_date=who.birth_date, sex=who.sex, district=site.district_id)
    decision = decide(rules_for(programme), person, on=timezone.localdate(now))
    if decision.dose is None:
        raise NotEligible(reason=decision.reason, from_date=decision.from_date)
    judged = Judged(who, programme, decision.dose)
    refuse_second(judged, site=site)
    return judged


def rules_for(programme: Programme) -> ProgrammeRules:
    """The programme's rules, as its own row has them. Raises NotFound for one that is not active."""
    if not programme.is_active:
        raise NotFound(what="programme")
    return rules_now(programme)


def refuse_second(judged: Judged, *, site: Site) -> None:
    """Raise HasAppointment if the person has a live one for the dose; of another site it says the day only."""
    rows = Appointment.objects.live().filter(person=judged.who.person, programme=judged.programme, dose=judged.dose)
    row = rows.select_related("slot").first()
    if row is None:
        return
    day = timezone.localdate(row.slot.starts_at)
    if row.slot.site_id == site.pk:
        raise HasAppointment(day=day, starts_at=row.slot.starts_at, reference=row.reference)
    raise HasAppointment(day=day)
