"""What is released in the next days, by day."""

from datetime import timedelta
from itertools import groupby
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from booking.admin.releases import words
from booking.models import ReleaseRule
from booking.queries.release_plan import Moment, coming, moments
from sites.scope import scope_of

DAYS = 14


def timeline_view(model_admin: "ModelAdmin[ReleaseRule]", request: HttpRequest) -> HttpResponse:
    """Each moment at which places come, with a bar to compare them."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    now = timezone.now()
    found = moments(coming(scope_of(request.user), now=now, until=now + timedelta(days=DAYS)))
    most = max((moment.places for moment in found), default=0)
    rows = [_row(moment, most) for moment in found]
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("放号时间表"),
        "days": [(day, list(group)) for day, group in groupby(rows, key=lambda row: row["at"].date())],
        "places": sum(moment.places for moment in found),
        "n_days": DAYS,
    }
    return TemplateResponse(request, "admin/booking/releaserule/timeline.html", context)


def _row(moment: Moment, most: int) -> dict[str, Any]:
    return {
        "at": timezone.localtime(moment.at),
        "programme": words.named(moment.programme),
        "is_portion": moment.is_portion,
        "districts": words.some_of(list(moment.districts.values())),
        "sites": words.some_of([str(site) for site in moment.sites.values()]),
        "n_sites": len(moment.sites),
        "slots": moment.slots,
        "places": moment.places,
        # A hundredth at least, so that it is seen.
        "width": max(round(moment.places * 100 / most), 1) if most else 0,
    }
