"""Whose turn it is: one programme by the last digit of the document, another one by invitation."""

from datetime import time, timedelta

from django.utils import timezone

from accounts.models import Patient
from booking.demo.fair.crowd import Crowd
from booking.demo.fair.programmes import PNEUMONIA, ZOSTER
from booking.demo.fair.setting import Setting
from booking.demo.people import CITIZEN_PHONE
from booking.models import Invitation, ReleaseMode
from booking.operations.invitations.make_list import make_list
from booking.operations.invitations.send import send_list
from booking.operations.releases.set_release_mode import set_release_mode
from booking.rules.release_modes import CohortRule
from booking.rules.release_setting import NamedCohort, by_digits

_STARTS = (time(9), time(10), time(14), time(15))
_INVITED = 24


def by_cohort(setting: Setting) -> None:
    """Two digits a day from eight to eight, one of the days being now; afterwards everybody."""
    setting.publish(PNEUMONIA.code, first=1, last=13, starts=_STARTS, quota=6)
    opened = setting.at(0, time(8)) <= setting.now
    rules = by_digits(setting.today - timedelta(days=not opened), timezone.get_default_timezone())
    cohorts = [_named(rule) for rule in rules]
    rest = CohortRule(frozenset(), None, None, rules[-1].closes_at or rules[-1].opens_at, None)
    cohorts.append(NamedCohort("所有人", "Everybody", rest))
    set_release_mode(
        programme_id=setting.programmes[PNEUMONIA.code].pk,
        mode=ReleaseMode.COHORT,
        cohorts=cohorts,
        by=setting.administrator,
        now=setting.now,
    )


def _named(rule: CohortRule) -> NamedCohort:
    digits = sorted(rule.digits)
    return NamedCohort(f"尾号 {'、'.join(digits)}", f"Last digit {' or '.join(digits)}", rule)


def by_invitation(setting: Setting, crowd: Crowd) -> None:
    """A list that has just been sent: a job tells the mother by the citizen's phone, and the others nothing."""
    setting.publish(ZOSTER.code, first=1, last=13, starts=_STARTS, quota=3)
    invited = make_list(
        programme=setting.programmes[ZOSTER.code],
        name="家庭医生签约居民·第一批",
        expires_at=setting.at(10, time(18)),
        by=setting.administrator.pk,
        now=setting.now,
    )
    rows = [Invitation(list=invited, person=setting.mother.person, phone=CITIZEN_PHONE)]
    rows += [_invitation(invited.pk, patient) for patient in crowd.women(_INVITED, ages=(60, 84))]
    Invitation.objects.bulk_create(rows)
    send_list(list_id=invited.pk, now=setting.now)


def _invitation(list_id: int, patient: Patient) -> Invitation:
    return Invitation(list_id=list_id, person=patient.person)
