"""What a citizen says to the place that the city chose: it suits, or not at all. Another time is an ordinary move."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from booking.operations.refusals import NotFound, Refusal
from booking.operations.relocations.answer import accept_relocation as accept
from booking.operations.relocations.answer import decline_relocation as decline
from booking.queries.appointment_details import appointment_details
from booking.web.appointments.cancelling import refused
from booking.web.frame import account_of
from booking.web.wording import cancel_refused, sentence


@never_cache
@login_required
@require_POST
def accept_relocation(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep the new place. A second time changes nothing."""
    try:
        accept(account_id=account_of(request), reference=reference, now=timezone.now())
    except NotFound:
        raise Http404 from None
    except Refusal as refusal:
        return refused(request, reference, sentence(refusal))
    return redirect(reverse("appointment", args=[reference]) + "?done=accepted")


@never_cache
@login_required
@require_POST
def decline_relocation(request: HttpRequest, reference: str) -> HttpResponse:
    """Cancel; with one tap as long as one more takes it back, and else after asking once more."""
    account_id, now = account_of(request), timezone.now()
    details = appointment_details(account_id, reference, now=now)
    if details is None:
        raise Http404
    if details.can_change and not details.undo_minutes:
        return redirect("cancel_appointment", reference)
    try:
        decline(account_id=account_id, reference=reference, now=now)
    except NotFound:
        raise Http404 from None
    except Refusal as refusal:
        return refused(request, reference, cancel_refused(refusal))
    return redirect("appointment", reference)
