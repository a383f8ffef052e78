"""Step 4: which day and time. Choosing one holds it and goes on to the check."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.operations.refusals import NotEligible, Refusal, SlotClosed, SlotFull
from booking.queries.slot_facts import slot_facts
from booking.queries.times import Day, Time, days_at, next_release
from booking.rules.availability import FULL, NOT_OPEN
from booking.web import dates
from booking.web.journey import place, scarce, words
from booking.web.journey.choices import Journey, journey_of, own_page
from booking.web.journey.near import is_gone, near_buttons
from booking.web.journey.queueing import queue_notice, sent_to_queue
from booking.web.journey.turn import out_of_turn
from booking.web.wording import sentence


@own_page
def book_when(request: HttpRequest, patients: str, programme: str, site: str) -> HttpResponseBase:
    """The days and times of the site; by POST one of them is held."""
    journey = journey_of(request, patients, programme, site)
    return out_of_turn(request, journey) or times_page(request, journey)


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why the page is shown again: in words, with what stands instead."""

    text: str
    day: date | None = None
    near: Sequence[dict[str, Any]] = ()
    link: tuple[str, str] | None = None
    field: str = ""


def times_page(request: HttpRequest, journey: Journey) -> HttpResponseBase:
    """The picker, for a new appointment or for one that moves."""
    journey = _with_first(request, journey)
    if request.method != "POST":
        return _page(request, journey, None)
    slots = place.slots_in(request.POST.get("slot", ""))
    if not slots:
        return _page(request, journey, _Trouble(_("请先选一个时间，再点下一步。"), field="times"))
    try:
        pick = place.keep(journey, slots)
    except Refusal as refusal:
        sent = sent_to_queue(journey, refusal, next_page=_same_day(journey, slots[0]))
        return sent or _page(request, journey, _trouble(journey, refusal.facts.get("slot", slots[0]), refusal))
    return redirect(journey.check_url(**pick.query()))


def _same_day(journey: Journey, slot_id: int) -> str:
    known = slot_facts([slot_id]).get(slot_id)
    return journey.when_url(day=known.day if known else "")


def _with_first(request: HttpRequest, journey: Journey) -> Journey:
    """The choice of the next dose's time, where the address says which slots the dose before it has."""
    first = place.slots_in(request.GET.get("first", ""))
    if not first or journey.moving:
        return journey
    pick = place.picked_slots(journey, first)
    earliest = journey.next_dose_from(pick.slots[-1].day)
    if earliest is None or len(pick.wishes) != journey.people:
        raise Http404
    return replace(journey, first=tuple(pick.slot_ids()), next_from=earliest)


def _trouble(journey: Journey, slot_id: int, refusal: Refusal) -> _Trouble:
    known = slot_facts([slot_id]).get(slot_id)
    if slot_id in journey.first:
        again = replace(journey, first=(), next_from=None).when_url(day=known.day if known else "")
        return _Trouble(_("前一剂的时间刚刚被约走了。"), link=(again, _("重新选时间")))
    day = known.day if known else None
    if isinstance(refusal, SlotFull | SlotClosed):
        near = near_buttons(journey, slot_id)
        if near:
            return _Trouble(_("这个时间刚刚被约走了。离它最近的空号："), day, near)
        return _Trouble(_("这个时间刚刚被约走了，附近也没有空号了。请选别的日子或别的接种点。"), day)
    if is_gone(refusal):
        return _Trouble(sentence(refusal), day, near_buttons(journey, slot_id))
    if isinstance(refusal, NotEligible) and not journey.moving:
        return _Trouble(sentence(refusal), day, link=(journey.what_url(), _("选别的疫苗")))
    return _Trouble(sentence(refusal), day)


def _page(request: HttpRequest, journey: Journey, trouble: _Trouble | None) -> HttpResponse:
    if journey.site is None:
        raise TypeError("The picker needs a site.")
    days = days_at(
        site_id=journey.site.pk,
        programme=journey.programme.code,
        first=journey.today,
        last=journey.last,
        from_date=journey.from_date,
        people=journey.people,
        now=journey.now,
        later_dose=journey.is_later_dose,
    )
    first_free = next((day for day in days if day.is_bookable), None)
    wanted = trouble.day if trouble and trouble.day else _asked_day(request)
    day = next((one for one in days if one.day == wanted), None) or first_free or days[0]
    week = _week_of(days, day)
    earliest = _earliest(journey, days)
    release = next_release(days)
    all_days = bool(request.GET.get("days"))
    context = {
        "journey": journey,
        "chosen": [*journey.chosen(), *_first_rows(journey)],
        "trouble": trouble,
        "earliest": earliest,
        "earliest_value": _value(earliest) if earliest else "",
        "earliest_words": words.soon(earliest.starts_at, journey.now) if earliest else "",
        "week": week,
        "week_words": words.days_of(week[0].day, week[-1].day),
        "cells": [_cell(journey, one, day, all_days=all_days) for one in week],
        "before": _week_link(journey, days, week, -1),
        "after": _week_link(journey, days, week, +1),
        "all_days": all_days,
        "show_all": journey.when_url(day=day.day, days=1),
        "day": day,
        "left_words": _left(day, journey),
        "halves": _halves(journey, day),
        "full_week": scarce.full_week(journey, week, first_free, day),
        "early": scarce.early(journey),
        "queue": queue_notice(journey),
        "sold_out": None if first_free else scarce.sold_out(journey, days),
        "release_words": words.release(release, journey.now) if release else "",
        "refresh": scarce.refresh(journey, day, first_free, release),
        "hold_minutes": settings.HOLD_SECONDS // 60,
        "action": journey.when_url(),
        "back": journey.where_url() if not journey.moving else None,
    }
    status = 409 if trouble and not trouble.field else 200
    return render(request, "booking/journey/when.html", context, status=status)


def _first_rows(journey: Journey) -> list[dict[str, Any]]:
    slots = sorted(slot_facts(journey.first).values(), key=lambda slot: slot.starts_at)
    back = replace(journey, first=(), next_from=None)
    return [
        {
            "icon": "calendar",
            "text": _("前一剂：%(day)s %(hours)s")
            % {"day": dates.day(slot.day), "hours": dates.until(slot.starts_at, slot.ends_at)},
            "change": back.when_url(day=slot.day),
            "what": _("前一剂的时间"),
        }
        for slot in slots
    ]


def _asked_day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


# --- Days -----------------------------------------------------------------------------------------------------------


def _week_of(days: Sequence[Day], day: Day) -> Sequence[Day]:
    start = (day.day - days[0].day).days // 7 * 7
    return days[start : start + 7]


def _week_link(journey: Journey, days: Sequence[Day], week: Sequence[Day], step: int) -> str | None:
    start = (week[0].day - days[0].day).days + 7 * step
    if not 0 <= start < len(days):
        return None
    other = days[start : start + 7]
    target = next((day for day in other if day.is_bookable), other[0])
    return journey.when_url(day=target.day)


def _cell(journey: Journey, day: Day, chosen: Day, *, all_days: bool) -> dict[str, Any]:
    # A full day can be opened, to see what is near; a closed one says why it cannot.
    is_link = day.state not in ("closed", NOT_OPEN)
    return {
        "day": day.day,
        "state": day.state,
        "href": journey.when_url(day=day.day, days=1 if all_days else "") if is_link else None,
        "current": day.day == chosen.day and is_link,
        # Left out in the large sizes, unless all days are asked for.
        "hidden": not day.is_bookable and not all_days and day.day != chosen.day,
        "too_early": day.is_too_early,
    }


def _left(day: Day, journey: Journey) -> str:
    if not day.is_bookable:
        return ""
    return ngettext("还剩 %(n)d 个号。请选到达时间：", "还剩 %(n)d 个号。请选到达时间：", day.places_left) % {
        "n": day.places_left
    }


def _halves(journey: Journey, day: Day) -> list[dict[str, Any]]:
    old = journey.moving.slot_id if journey.moving else 0
    rows: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for time in day.times:
        local = timezone.localtime(time.starts_at)
        short = f"{dates.day(day.day)} {dates.until(time.starts_at, time.ends_at)}"
        one = {
            "time": time,
            "is_old": time.slot_id == old,
            "words": short,
            "value": _value(time),
            # Too few for a group, but not none: the number says so.
            "few": time.places_left if time.state == FULL else 0,
            "split": _("分 %(n)d 个时间") % {"n": len(set(time.slot_ids))} if time.is_split else "",
        }
        rows[local.hour < 12].append(one)
    names = {True: _("上午"), False: _("下午")}
    return [{"name": names[morning], "times": times} for morning, times in rows.items() if times]


def _value(time: Time) -> str:
    return ",".join(map(str, time.slot_ids)) if time.is_split else str(time.slot_id)


def _earliest(journey: Journey, days: Sequence[Day]) -> Time | None:
    old = journey.moving.slot_id if journey.moving else 0
    times = (time for day in days for time in day.times)
    return next((time for time in times if time.is_bookable and time.slot_id != old), None)
