"""Giving an appointment up, and taking that back."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from booking.operations.cancel import cancel, restore
from booking.operations.refusals import NotFound, Refusal
from booking.queries.appointment_details import appointment_details
from booking.web.appointments.forms import CancelForm
from booking.web.appointments.one import shown
from booking.web.frame import account_of
from booking.web.wording import cancel_refused, restore_refused


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel_appointment(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask once more, and why; then cancel. A second time changes nothing."""
    form = CancelForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _cancel(request, reference, form.cleaned_data["reason"])
    details = appointment_details(account_of(request), reference, now=timezone.now())
    if details is None:
        raise Http404
    if not details.can_change:
        # The page of the appointment says how it stands and what can be done instead.
        return redirect("appointment", reference)
    context = {"form": form, "details": details, "facts": details.facts}
    return render(request, "booking/appointments/cancel.html", context)


@never_cache
@login_required
@require_POST
def restore_appointment(request: HttpRequest, reference: str) -> HttpResponse:
    """Undo a cancellation. A second time changes nothing."""
    try:
        restore(account_id=account_of(request), reference=reference, now=timezone.now())
    except NotFound:
        raise Http404 from None
    except Refusal as refusal:
        return refused(request, reference, restore_refused(refusal))
    return redirect(reverse("appointment", args=[reference]) + "?done=restored")


def _cancel(request: HttpRequest, reference: str, reason: str) -> HttpResponse:
    try:
        cancel(account_id=account_of(request), reference=reference, now=timezone.now(), reason=reason)
    except NotFound:
        raise Http404 from None
    except Refusal as refusal:
        return refused(request, reference, cancel_refused(refusal))
    return redirect("appointment", reference)


def refused(request: HttpRequest, reference: str, sentence: str) -> HttpResponse:
    """The appointment's page, with the sentence that says why something was not possible."""
    details = appointment_details(account_of(request), reference, now=timezone.now())
    if details is None:
        raise Http404
    return shown(request, details, refused=sentence, status=409)
