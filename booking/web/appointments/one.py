"""One appointment: its code for the door, what to bring, and what can still be done about it."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from booking.queries.appointment_details import AppointmentDetails, appointment_details
from booking.queries.appointments import appointment_of
from booking.queries.calendar_file import calendar_file
from booking.queries.desk.crowding import Crowding, crowding_at
from booking.queries.qr_codes import qr_image, qr_payload
from booking.queries.slot_facts import SiteFacts
from booking.rules.coordinates import gcj02
from booking.rules.standing import TO_COME
from booking.rules.what_to_bring import what_to_bring
from booking.web.appointments.words import bring_list, document_name, panel
from booking.web.frame import account_of

# What the caller has just done, as the page before this one says in ?done=.
_DONE = {"1": "booked", "moved": "moved", "restored": "restored", "accepted": "accepted"}


@never_cache
@login_required
@require_safe
def appointment(request: HttpRequest, reference: str) -> HttpResponse:
    """The caller's appointment; somebody else's does not exist."""
    details = appointment_details(account_of(request), reference, now=timezone.now())
    if details is None:
        raise Http404
    return shown(request, details, done=_DONE.get(request.GET.get("done", ""), ""))


@never_cache
@login_required
@require_safe
def calendar(request: HttpRequest, reference: str) -> HttpResponse:
    """The appointment for the phone's calendar."""
    facts = appointment_of(account_of(request), reference)
    if facts is None:
        raise Http404
    english = (get_language() or "").startswith("en")
    body = calendar_file(facts, "en" if english else "zh", now=timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="{reference}.ics"'}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)


def shown(
    request: HttpRequest, details: AppointmentDetails, *, done: str = "", refused: str = "", status: int = 200
) -> HttpResponse:
    """The page, with `refused` as a sentence on top if something was not possible."""
    is_to_come = details.standing == TO_COME
    context = {
        "details": details,
        "facts": details.facts,
        "panel": panel(details, done if is_to_come else ""),
        "done": done if is_to_come else "",
        "refused": refused,
        "qr": _picture(details.facts.reference) if is_to_come else "",
        "number": in_fours(details.facts.reference),
        "document": document_name(details.document_type),
        "route": route(details.facts.site),
        "crowding": _crowding(details) if is_to_come else None,
        "bring": bring_list(what_to_bring(document_type=details.document_type, age=details.age)),
    }
    return render(request, "booking/appointments/one.html", context, status=status)


def _crowding(details: AppointmentDetails) -> Crowding | None:
    """How full it is there now, for somebody who is to go there today."""
    now = timezone.now()
    if timezone.localdate(details.facts.starts_at) != timezone.localdate(now):
        return None
    return crowding_at(details.facts.site.code, now=now)


def in_fours(reference: str) -> str:
    """4301 0826 7713."""
    return " ".join(reference[start : start + 4] for start in range(0, len(reference), 4))


def route(site: SiteFacts) -> str:
    """Where a map app shows the site. Maps in China draw by other coordinates than ours."""
    longitude, latitude = gcj02(site.longitude, site.latitude)
    asked = {"position": f"{longitude:.6f},{latitude:.6f}", "name": site.name, "coordinate": "gaode", "callnative": "1"}
    return "https://uri.amap.com/marker?" + urlencode(asked)


def _picture(reference: str) -> str:
    # Safe: drawn by us from digits.
    return mark_safe(qr_image(qr_payload(reference)).decode())
