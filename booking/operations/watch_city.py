"""Each minute: write down what has happened in the city since, and have the alerts open that are called for."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from booking.models import CityMinute, DistrictMinute, Message, MessageCount
from booking.operations.alerts.keep import keep_alerts
from booking.operations.count_tries import tries_in
from booking.queries.city_screen.fill import fill_ahead, full_days
from booking.queries.city_screen.happened import Counts, happened, newest_event
from booking.queries.city_screen.leftovers import leftovers_now
from booking.queries.city_screen.shortages import shortages
from booking.queries.city_screen.sites_now import sites_now
from booking.queries.release_plan import coming, moments
from booking.queries.releases import next_openings
from booking.rules import alerts as rules
from booking.rules.alerts import Found, SiteNow, Thresholds
from sites.models import District, Site
from sites.scope import Scope

# A booking that was being written when a minute was counted is found when that minute is counted again.
_COUNTED_AGAIN = 2
_MINUTE = timedelta(minutes=1)
# Stock is weighed against bookings that are counted so often.
_STOCK_EVERY = 600
_ERRORS_WITHIN, _TEXTS_WITHIN = 5, 30
_KINDS = [kind for kind in rules.SEVERITY if kind not in (rules.MESSAGES_NOT_SENT, rules.STOCK_SHORT)]
KEEP = timedelta(days=9)


def watch_city(*, now: datetime) -> str:
    """Write the minute, raise and end alerts. Safe to run twice; a minute that was missed is in the next one."""
    minute = now.replace(second=0, microsecond=0)
    here = sites_now(now=now)
    written = _write_minute(minute, here, now=now)
    limits = Thresholds(**settings.ALERTS)
    district_of = dict(Site.objects.values_list("pk", "district_id"))
    found = [alert for site in here for alert in rules.of_site(site, limits)]
    found += _of_the_city(written, minute, limits, now=now)
    for district, days in full_days(fill_ahead(now=now), district_of).items():
        found += rules.of_district(district, days, limits)
    kinds = list(_KINDS)
    if cache.add("city_screen:stock", 1, _STOCK_EVERY):
        found += [alert for site, short in shortages(now=now).items() for alert in rules.of_stock(site, short)]
        kinds.append(rules.STOCK_SHORT)
    opened, ended = keep_alerts(found, kinds=kinds, now=now)
    return f"{opened} alerts open, {ended} ended"


def forget_minutes(*, now: datetime) -> None:
    """Drop what is older than anything is compared with."""
    DistrictMinute.objects.filter(minute__lt=now - KEEP).delete()
    CityMinute.objects.filter(minute__lt=now - KEEP).delete()


def _write_minute(minute: datetime, here: list[SiteNow], *, now: datetime) -> CityMinute:
    before = list(CityMinute.objects.filter(minute__lt=minute).order_by("-minute")[: _COUNTED_AGAIN + 1])[::-1]
    newest = newest_event()
    tries, errors = tries_in(minute - _MINUTE)
    row = CityMinute(minute=minute, last_event=newest, tries=tries, errors=errors, **_texts(now))
    # Without any minute before it, counting begins here.
    counts = happened([*(one.last_event for one in before), newest])[:-1] or [{}]
    waiting, leftover = _waiting(here), leftovers_now()
    districts = list(District.objects.values_list("pk", flat=True))
    rows = [
        DistrictMinute(
            minute=minute, district_id=district, waiting=waiting[district], leftover=leftover.get(district, 0)
        )
        for district in districts
    ]
    with transaction.atomic():
        CityMinute.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["minute"],
            update_fields=["last_event", "tries", "errors", "texts_sent", "texts_failing"],
        )
        DistrictMinute.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["minute", "district"], update_fields=["waiting", "leftover"]
        )
        for of, found in zip([*(one.minute for one in before[1:]), minute], counts, strict=True):
            _put(of, {district: found.get(district, Counts()) for district in districts})
    return row


def _put(minute: datetime, counts: dict[str, Counts]) -> None:
    rows = [
        DistrictMinute(
            minute=minute,
            district_id=district,
            booked=count.booked,
            checked_in=count.checked_in,
            fulfilled=count.fulfilled,
            no_show=count.no_show,
        )
        for district, count in counts.items()
    ]
    DistrictMinute.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["minute", "district"],
        update_fields=["booked", "checked_in", "fulfilled", "no_show"],
    )


def _waiting(here: list[SiteNow]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    there = {site.site_id: site.waiting for site in here if site.waiting}
    for site_id, district in Site.objects.filter(pk__in=there).values_list("pk", "district_id"):
        found[district] += there[site_id]
    return found


def _texts(now: datetime) -> dict[str, int]:
    sent = (
        MessageCount.objects.filter(day=timezone.localdate(now), receiver="sms").values_list("count", flat=True).first()
    )
    failing = Message.objects.filter(sent_at=None, dropped_at=None, failing_since__isnull=False)
    return {"texts_sent": sent or 0, "texts_failing": failing.count()}


def _of_the_city(row: CityMinute, minute: datetime, limits: Thresholds, *, now: datetime) -> list[Found]:
    lately = list(CityMinute.objects.filter(minute__gt=minute - _TEXTS_WITHIN * _MINUTE, minute__lte=minute))
    counted = [one for one in lately if one.minute > minute - _ERRORS_WITHIN * _MINUTE]
    tries, errors = sum(one.tries for one in counted), sum(one.errors for one in counted)
    # Their number begins anew at midnight.
    sent = row.texts_sent - min((one.texts_sent for one in lately if one.texts_sent <= row.texts_sent), default=0)
    return [
        *rules.of_bookings(tries, errors, limits),
        *rules.of_texts(sent, row.texts_failing, limits),
        *_releases(limits, now=now),
    ]


def _releases(limits: Thresholds, *, now: datetime) -> list[Found]:
    until = now + timedelta(minutes=limits.release_minutes)
    if not any(now < at <= until for at in next_openings(now=now).values()):
        return []
    ahead = moments(coming(Scope(True), now=now, until=until))
    if not ahead:
        return []
    first = ahead[0].at
    facts = {
        "at": first.isoformat(),
        "places": sum(moment.places for moment in ahead),
        "programmes": sorted({moment.programme.code for moment in ahead}),
    }
    return rules.of_releases(int((first - now).total_seconds() // 60), facts, limits)
