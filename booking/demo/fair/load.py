"""Everything of the fair release, once: from the first start on it lives by itself."""

from datetime import datetime, time

from django.db import transaction

from accounts.models import Patient, Relation, User
from booking.demo.fair.crowd import Crowd
from booking.demo.fair.draws import hold_draws
from booking.demo.fair.programmes import FAIR_PROGRAMMES
from booking.demo.fair.scarce import notice_touts, open_queue, sell_out
from booking.demo.fair.series import begin_series
from booking.demo.fair.setting import Setting
from booking.demo.fair.turns import by_cohort, by_invitation
from booking.demo.people import ADMINISTRATOR, CITIZEN_PHONE
from booking.demo.programmes import load_programmes
from booking.models import Alert, Programme
from booking.queries.programmes import forget_programmes
from booking.queries.release_modes import forget_release_modes
from booking.queries.releases import forget_releases
from booking.rules.alerts import MESSAGES_NOT_SENT
from sites.models import Site

_SITES = 6


@transaction.atomic
def load_fair_release(*, now: datetime) -> bool:
    """Add it to a city that has sites, administrator and citizen; False, and nothing done, if it is there already."""
    if Programme.objects.filter(code__in=[one.code for one in FAIR_PROGRAMMES]).exists():
        return False
    setting = _setting(now)
    crowd = Crowd(today=setting.today, now=now)
    by_cohort(setting)
    by_invitation(setting, crowd)
    hold_draws(setting, crowd)
    sell_out(setting, crowd)
    open_queue(setting)
    notice_touts(setting)
    begin_series(setting)
    _alert(setting)
    for forget in (forget_programmes, forget_release_modes, forget_releases):
        transaction.on_commit(forget)
    return True


def _setting(now: datetime) -> Setting:
    sites = list(Site.objects.filter(is_active=True).select_related("district").order_by("code"))
    user = User.objects.for_phone(CITIZEN_PHONE)
    people = {one.relation: one for one in Patient.objects.filter(user=user).select_related("user")}
    return Setting(
        now=now,
        # From all over the city; the first one's desk is busy with a day of its own.
        sites=sites[1 :: max(1, len(sites) // _SITES)][:_SITES],
        programmes=load_programmes(FAIR_PROGRAMMES),
        administrator=User.objects.get(username=ADMINISTRATOR),
        citizen=people[Relation.SELF],
        mother=people[Relation.PARENT],
    )


def _alert(setting: Setting) -> None:
    """The gateway did not answer for half an hour yesterday; it is over."""
    began_at = setting.at(-1, time(14, 5))
    facts = {"since": setting.at(-1, time(13, 55)).isoformat(), "waiting": 37}
    Alert.objects.create(kind=MESSAGES_NOT_SENT, began_at=began_at, ended_at=setting.at(-1, time(14, 36)), facts=facts)
