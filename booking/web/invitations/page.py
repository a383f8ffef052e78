"""Opening the link of an invitation: what it is for, and the way on for the person it was sent to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from booking.operations.invitations.open_link import open_link


@never_cache
@require_safe
def invitation(request: HttpRequest, said: str) -> HttpResponse:
    """Nobody is named to whoever has not got the invited person in their account; a forged link is an unknown one."""
    facts = open_link(said=said, account_id=request.user.pk, now=timezone.now())
    if facts is None:
        return render(request, "booking/invitations/unknown.html", status=404)
    back_here = urlencode({"next": request.path})
    context = {
        "invitation": facts,
        "sign_in": f"{reverse('sign_in')}?{back_here}",
        "add": f"{reverse('add_person')}?{back_here}",
        "book": reverse("book_where", args=[facts.patient_id, facts.programme_code]) if facts.patient_id else "",
    }
    return render(request, "booking/invitations/invitation.html", context)
