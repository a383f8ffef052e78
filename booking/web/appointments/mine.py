"""Everything that an account has booked."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from booking.queries.my_appointments import GROUPS, PAGE, appointment_group, appointment_groups
from booking.queries.waitlist import open_offers_of
from booking.rules.standing import GIVEN_UP, PAST, UPCOMING
from booking.web.frame import account_of

TITLES = {UPCOMING: _("要去的"), PAST: _("过去的"), GIVEN_UP: _("取消的")}
# Nobody has more; a number beyond is not a page.
_LAST_PAGE = 1000


@never_cache
@login_required
@require_safe
def my_appointments(request: HttpRequest) -> HttpResponse:
    """The first of each group, or with ?group= one group, page by page."""
    now, name = timezone.now(), request.GET.get("group", "")
    if not name:
        groups = appointment_groups(account_of(request), now=now)
        shown = [(TITLES[group.name], group) for group in groups]
        is_empty = not any(group.total for group in groups)
        offers = open_offers_of(account_of(request), now=now)
        context = {"groups": shown, "is_empty": is_empty, "offers": offers}
        return render(request, "booking/appointments/mine.html", context)
    page = _page(request)
    if name not in GROUPS:
        raise Http404
    group = appointment_group(account_of(request), name, page=page, now=now)
    if page > 1 and not group.rows:
        raise Http404
    context = {"title": TITLES[name], "group": group, "page": page, "pages": -(-group.total // PAGE) or 1}
    return render(request, "booking/appointments/group.html", context)


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:5]) <= _LAST_PAGE):
        raise Http404
    return int(text)
