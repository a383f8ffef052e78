"""Where to go: the list of sites, and a page for each."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from booking.queries.desk.crowding import crowding
from booking.queries.site_list import site_list as find_sites
from booking.queries.site_week import site_week
from booking.web.public.kept import public

_PER_PAGE = 24
# Seconds that a browser may show what was left of a place.
_FRESH = 5


@public(max_age=_FRESH)
def site_list(request: HttpRequest) -> HttpResponse:
    """Sites by district; with ?programme= those with the earliest place first."""
    district, programme = request.GET.get("district", ""), request.GET.get("programme", "")
    found = find_sites(district=district, programme=programme, now=timezone.now())
    if (district and district not in found.known.districts) or (programme and programme not in found.known.programmes):
        raise Http404
    context = {
        "page": Paginator(found.sites, _PER_PAGE).get_page(request.GET.get("page")),
        "with_places": found.with_places,
        "districts": found.known.districts.values(),
        "programmes": found.known.programmes.values(),
        "district": found.known.districts.get(district),
        "programme": found.known.programmes.get(programme),
    }
    return render(request, "booking/public/sites.html", context)


@public(max_age=_FRESH)
def site(request: HttpRequest, code: str) -> HttpResponse:
    """One site: how to get there, when it is open, what it has this week."""
    found = site_week(code, now=timezone.now())
    if found is None:
        raise Http404
    context = {
        "found": found,
        "today": timezone.localdate(),
        "crowding": crowding(found.site.pk, now=timezone.now()),
    }
    return render(request, "booking/public/site.html", context)
