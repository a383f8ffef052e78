"""Looking an appointment up without an account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.tries import CannotCount
from booking.queries.look_up import TooManyTries
from booking.queries.look_up import look_up as find
from booking.web.appointments.forms import LookUpForm
from booking.web.appointments.one import route


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """Ask for number and end of the document; say when and where, or the same sentence whatever was wrong.

    Nothing is read from the address: a link cannot fill the form in.
    """
    form = LookUpForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "booking/appointments/look_up.html", {"form": form})
    typed, address = form.cleaned_data, str(request.META.get("REMOTE_ADDR", ""))
    try:
        found = find(typed["reference"], typed["tail"], address=address, now=timezone.now())
    except TooManyTries as tries:
        response = _again(request, form, _("试的次数太多了。请 1 小时后再试，或者登录查看。"), status=429)
        response["Retry-After"] = str(tries.wait)
        return response
    except CannotCount:
        return _again(request, form, _("现在不能按预约号查。请过几分钟再试，或者登录查看。"), status=503)
    if found is None:
        return _again(request, form, _("没有对上。请核对预约号和证件的最后 4 位。"), status=200)
    context = {"found": found, "route": route(found.site)}
    return render(request, "booking/appointments/looked_up.html", context)


def _again(request: HttpRequest, form: LookUpForm, sentence: str, *, status: int) -> HttpResponse:
    context = {"form": form, "sentence": sentence}
    return render(request, "booking/appointments/look_up.html", context, status=status)
