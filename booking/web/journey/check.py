"""Step 5: check and confirm. Whatever happens here, everything that was chosen stays."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.masking import masked_phone
from accounts.models import User
from booking.operations.refusals import (
    AlreadyBooked,
    AlreadyExtended,
    Busy,
    HoldExpired,
    NotEligible,
    Paused,
    Refusal,
    RequestKeyReused,
)
from booking.queries.times import has_room
from booking.web import dates
from booking.web.journey import place, words
from booking.web.journey.choices import Journey, journey_of, own_page
from booking.web.journey.near import is_gone, near_buttons
from booking.web.journey.place import Pick
from booking.web.journey.queueing import sent_to_queue
from booking.web.wording import sentence


@own_page
def book_check(request: HttpRequest, patients: str, programme: str, site: str) -> HttpResponseBase:
    """Everything that was chosen, once more; by POST it is booked."""
    return check_page(request, journey_of(request, patients, programme, site))


def check_page(request: HttpRequest, journey: Journey) -> HttpResponseBase:
    """The check, for a new appointment or for one that moves."""
    pick = place.picked(request, journey)
    if journey.site is None:
        journey = journey.at(pick.first.site.code)
    if request.method == "POST" and "longer" in request.POST:
        return _longer(request, journey, pick)
    if request.method == "POST":
        return _confirm(request, journey, pick)
    return _page(request, journey, pick, _expired(journey, pick))


def _confirm(request: HttpRequest, journey: Journey, pick: Pick) -> HttpResponseBase:
    try:
        booked = place.confirm(journey, pick, key=place.request_key(request, pick))
    except Refusal as refusal:
        sent = sent_to_queue(journey, refusal, next_page=journey.check_url(**pick.query()))
        return sent or _page(request, journey, pick, _problem(journey, pick, refusal))
    if len(booked) > 1:
        return redirect(f"{reverse('my_appointments')}?done={len(booked)}")
    done = "moved" if journey.moving else "1"
    return redirect(f"{reverse('appointment', args=[booked[0].reference])}?done={done}")


def _longer(request: HttpRequest, journey: Journey, pick: Pick) -> HttpResponseBase:
    try:
        pick = place.longer(journey, pick)
    except Refusal as refusal:
        return _page(request, journey, pick, _problem(journey, pick, refusal))
    return redirect(journey.check_url(**pick.query()))


# --- What stands in the way -----------------------------------------------------------------------------------------


def _expired(journey: Journey, pick: Pick) -> dict[str, Any] | None:
    over = pick.expires_at is not None and pick.expires_at <= journey.now
    return _problem(journey, pick, HoldExpired()) if over else None


def _problem(journey: Journey, pick: Pick, refusal: Refusal) -> dict[str, Any]:
    """What to say, and what to do next; "again" leaves the button that confirms where it is."""
    text = sentence(refusal)
    if isinstance(refusal, AlreadyExtended):
        return {"kind": "again", "text": text, "status": 409}
    if isinstance(refusal, Busy):
        return {"kind": "again", "text": text, "status": 503, "retry_after": refusal.facts["retry_after"]}
    if isinstance(refusal, Paused):
        return {"kind": "again", "text": text, "status": 503, "retry_after": 60}
    if isinstance(refusal, AlreadyBooked):
        reference = refusal.facts.get("reference")
        link = (reverse("appointment", args=[reference]), _("看这次预约")) if reference else None
        return {"kind": "stop", "text": text, "status": 409, "link": link}
    if isinstance(refusal, NotEligible) and not journey.moving:
        return {"kind": "stop", "text": text, "status": 409, "link": (journey.what_url(), _("选别的疫苗"))}
    if isinstance(refusal, RequestKeyReused):
        return {"kind": "stop", "text": text, "status": 409, "link": (journey.when_url(), _("重新选时间"))}
    if not is_gone(refusal):
        return {"kind": "stop", "text": text, "status": 409}
    problem = {"kind": "gone", "text": text, "status": 409}
    slot_id = refusal.facts.get("slot", pick.first.slot_id)
    if isinstance(refusal, HoldExpired):
        if has_room(pick.people_in(), claims=pick.claims, now=journey.now):
            return {**problem, "text": _("保留时间到了，这个号还在。"), "again": True}
        text = _("保留时间到了，这个号已被约走。")
    near = near_buttons(journey, slot_id)
    words_near = _("离它最近的空号：") if near else _("附近也没有空号了，请选别的日子或别的接种点。")
    return {**problem, "text": f"{text}{words_near}", "near": near}


# --- What is shown --------------------------------------------------------------------------------------------------


def _page(request: HttpRequest, journey: Journey, pick: Pick, problem: dict[str, Any] | None) -> HttpResponse:
    kind = problem["kind"] if problem else ""
    first, slots = _doses(journey, pick)
    next_from = journey.next_dose_from(pick.slots[-1].day) if not first else None
    context = {
        "journey": journey,
        "chosen": journey.chosen(place=False) if journey.moving else [],
        "lines": _lines(request, journey, pick),
        "problem": problem,
        "can_confirm": kind in ("", "again"),
        "expires_at": pick.expires_at,
        "extend": pick.can_extend and kind == "",
        "time": _time(pick),
        "request_key": place.request_key(request, pick),
        "again": journey.when_url(first=first),
        "slots": slots,
        "times": journey.when_url(first=first, day=pick.slots[-1].day),
        "next_dose": journey.when_url(first=slots) if next_from and kind == "" else None,
        "next_dose_from": next_from,
    }
    status = problem.get("status", 200) if problem else 200
    # A hold that ran out is no answer to what was asked here: nothing was asked yet.
    response = render(
        request, "booking/journey/check.html", context, status=status if request.method == "POST" else 200
    )
    if problem and "retry_after" in problem:
        response["Retry-After"] = str(problem["retry_after"])
    return response


def _lines(request: HttpRequest, journey: Journey, pick: Pick) -> list[dict[str, Any]]:
    site = pick.first.site
    place_line = _line(_("地点"), words.named(site), site.address, journey.where_url())
    time_lines = _time_lines(journey, pick)
    if journey.moving:
        return [place_line, *time_lines]
    who = [(patient.name, words.relation(patient.relation)) for patient in journey.patients]
    doses = {line for _name, line in journey.person_lines()}
    names = words.names([f"{name}（{relation}）" if len(who) == 1 else name for name, relation in who])
    lines = [
        _line(_("谁"), names, "", journey.who_url()),
        _line(_("疫苗"), words.named(journey.programme), _("、").join(sorted(doses)), journey.what_url()),
        place_line,
        *time_lines,
    ]
    phone = cast(User, request.user).phone
    if phone:
        lines.append(_line(_("通知手机"), masked_phone(str(phone)), "", reverse("my_settings")))
    return lines


def _doses(journey: Journey, pick: Pick) -> tuple[str, str]:
    """The slots of the first dose and of the second one as addresses name them; one dose only is the second."""
    ids = [str(slot_id) for slot_id in pick.slot_ids()]
    first = ids[: len(ids) - journey.people]
    return ",".join(first), ",".join(ids[len(first) :])


def _time_lines(journey: Journey, pick: Pick) -> list[dict[str, str]]:
    """When: one line, or one for each dose and each slot of a group that comes in several."""
    facts = {slot.slot_id: slot for slot in pick.slots}
    names = {patient.patient_id: patient.name for patient in journey.patients}
    who: dict[tuple[int, int], list[str]] = {}
    for position, (patient_id, slot_id) in enumerate(pick.wishes):
        who.setdefault((position // journey.people, slot_id), []).append(names[patient_id])
    lines = []
    for (turn, slot_id), people in (who or {(0, pick.first.slot_id): []}).items():
        slot = facts[slot_id]
        hours = dates.until(slot.starts_at, slot.ends_at)
        more = f"{hours} {words.names(people)}" if 0 < len(people) < journey.people else hours
        first, _second = _doses(journey, pick)
        label = _("时间") if not first else (_("这一剂"), _("下一剂"))[turn]
        lines.append(_line(label, dates.day(slot.starts_at), more, journey.when_url(day=slot.day)))
    return lines


def _time(pick: Pick) -> str:
    slot = pick.first
    time = f"{dates.day(slot.starts_at)} {dates.until(slot.starts_at, slot.ends_at)}"
    if len(pick.slots) == 1:
        return time
    return _("%(time)s 等 %(n)d 个时间") % {"time": time, "n": len(pick.slots)}


def _line(label: str, text: str, more: str, change: str) -> dict[str, str]:
    return {"label": label, "text": text, "more": more, "change": change}
