"""Step 3: where. The city's sites by how soon, by how far, or by district."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.queries.patients import last_site_of
from booking.queries.site_choices import EARLIEST, NEAR_METRES, NEAREST, SiteChoice, Wanted, site_choices
from booking.web.journey import words
from booking.web.journey.choices import Journey, journey_of, own_page
from booking.web.journey.queueing import queue_notice
from booking.web.journey.turn import out_of_turn
from sites.queries import districts

ROWS = 24
BY_DISTRICT = "district"
# Where somebody is, to about a hundred metres, is kept by their own browser only, and for half an hour.
NEAR_COOKIE = "near"
_NEAR_SECONDS = 1800
_FACILITIES = ("step_free", "english")
_signer = Signer(salt="booking.near")


@own_page
def book_where(request: HttpRequest, patients: str, programme: str) -> HttpResponseBase:
    """The sites that have places; by POST the citizen says where they are."""
    journey = journey_of(request, patients, programme)
    return out_of_turn(request, journey) or sites_page(request, journey)


def sites_page(request: HttpRequest, journey: Journey) -> HttpResponseBase:
    """The list of sites for what was chosen, or for an appointment that moves."""
    if request.method == "POST":
        return _remember_where(request, journey)
    asked = _asked(request)
    near = where_from(request)
    wanted = Wanted(
        people=journey.people,
        from_date=journey.from_date,
        order=NEAREST if asked["sort"] == NEAREST and near else EARLIEST,
        near=near,
        district=asked["district"],
        home=_home(journey),
        with_places=not asked["all"],
        weekend=bool(asked["weekend"]),
        facilities=tuple(name for name in _FACILITIES if asked[name]),
    )
    choices = site_choices(
        programme=journey.programme.code, first=journey.today, last=journey.last, wanted=wanted, now=journey.now
    )
    needs = _needs(asked, near)
    page = _page(request, choices)
    last_used = last_site_of(list(journey.patients)) if not journey.moving else journey.moving.site.code
    known = [one for one in choices if one.site.code == last_used and one.earliest] if page == 1 else []
    shown = choices[(page - 1) * ROWS : page * ROWS]
    context = {
        "journey": journey,
        "chosen": journey.chosen(place=False),
        "tabs": _tabs(journey, asked),
        "filters": _filters(journey, asked),
        "needs": needs,
        "district_rows": _district_rows(journey, asked, choices) if needs else [],
        "header": _header(choices, asked, near),
        "queue": queue_notice(journey),
        "known": _rows(journey, known) if not needs else [],
        "rows": _rows(journey, shown) if not needs else [],
        "pager": _pager(journey, asked, page, len(choices)),
        "without_filters": journey.where_url(sort=asked["sort"]) if _is_filtered(asked) else None,
        "whole_city": journey.where_url(all=1) if not asked["all"] else None,
        "back": journey.when_url() if journey.moving else journey.what_url(),
    }
    return render(request, "booking/journey/where.html", context)


# --- Where the citizen is -------------------------------------------------------------------------------------------


def where_from(request: HttpRequest) -> tuple[float, float] | None:
    """(latitude, longitude) that the citizen gave in the last half hour, or None."""
    try:
        return _point(*_signer.unsign(request.COOKIES.get(NEAR_COOKIE, "")).split(","))
    except (BadSignature, TypeError):
        return None


def _point(latitude: str = "", longitude: str = "") -> tuple[float, float] | None:
    try:
        point = round(float(latitude), 3), round(float(longitude), 3)
    except ValueError:
        return None
    # Written so that "nan" is refused too.
    return point if -90 <= point[0] <= 90 and -180 <= point[1] <= 180 else None


def _remember_where(request: HttpRequest, journey: Journey) -> HttpResponseBase:
    point = _point(request.POST.get("latitude", ""), request.POST.get("longitude", ""))
    response = redirect(journey.where_url(sort=NEAREST))
    if point is not None:
        signed = _signer.sign(f"{point[0]},{point[1]}")
        response.set_cookie(
            NEAR_COOKIE, signed, max_age=_NEAR_SECONDS, secure=settings.SECURE, httponly=True, samesite="Lax"
        )
    return response


# --- What was asked for ---------------------------------------------------------------------------------------------


def _asked(request: HttpRequest) -> dict[str, Any]:
    sort = request.GET.get("sort")
    known = {row.code for row in districts()}
    district = request.GET.get("district", "")
    return {
        "sort": sort if sort in (NEAREST, BY_DISTRICT) else EARLIEST,
        "district": district if district in known and sort == BY_DISTRICT else "",
        **{name: "1" if request.GET.get(name) else "" for name in ("all", "weekend", *_FACILITIES)},
    }


def _needs(asked: dict[str, Any], near: tuple[float, float] | None) -> str:
    """What is missing before there is a list: where the citizen is, or which district."""
    if asked["sort"] == NEAREST and near is None:
        return "location"
    return "district" if asked["sort"] == BY_DISTRICT and not asked["district"] else ""


def _is_filtered(asked: dict[str, Any]) -> bool:
    return any(asked[name] for name in ("weekend", "district", *_FACILITIES))


def _page(request: HttpRequest, choices: list[SiteChoice]) -> int:
    last = max(-(-len(choices) // ROWS), 1)
    wanted = request.GET.get("page", "1")
    return min(max(int(wanted), 1), last) if wanted.isdecimal() and len(wanted) < 5 else 1


# --- What is shown --------------------------------------------------------------------------------------------------


def _tabs(journey: Journey, asked: dict[str, Any]) -> list[dict[str, Any]]:
    kept = {name: asked[name] for name in ("all", "weekend", *_FACILITIES)}
    words_of = {EARLIEST: _("最早"), NEAREST: _("最近"), BY_DISTRICT: _("按区选")}
    return [
        {
            "text": text,
            "href": journey.where_url(sort=sort if sort != EARLIEST else "", **kept),
            "on": asked["sort"] == sort,
        }
        for sort, text in words_of.items()
    ]


def _filters(journey: Journey, asked: dict[str, Any]) -> list[dict[str, Any]]:
    rows = [
        (_("只看有号"), "all", not asked["all"]),
        (_("周末"), "weekend", bool(asked["weekend"])),
        (_("无台阶"), "step_free", bool(asked["step_free"])),
        (_("有英语服务"), "english", bool(asked["english"])),
    ]
    return [
        {"text": text, "on": on, "href": journey.where_url(**{**asked, name: "" if asked[name] else "1"})}
        for text, name, on in rows
    ]


def _district_rows(journey: Journey, asked: dict[str, Any], choices: list[SiteChoice]) -> list[dict[str, Any]]:
    own = _home(journey)
    counts: dict[str, int] = {}
    for choice in choices:
        if choice.earliest:
            counts[choice.site.district] = counts.get(choice.site.district, 0) + 1
    rows = sorted(districts(), key=lambda row: (row.code != own, row.code))
    return [
        {
            "name": words.named(row),
            "count": counts.get(row.code, 0),
            "own": row.code == own,
            "href": journey.where_url(**{**asked, "sort": BY_DISTRICT, "district": row.code}),
        }
        for row in rows
    ]


def _home(journey: Journey) -> str:
    return next((patient.district for patient in journey.patients if patient.district), "")


def _header(choices: list[SiteChoice], asked: dict[str, Any], near: tuple[float, float] | None) -> str:
    open_ones = [choice for choice in choices if choice.earliest]
    if asked["sort"] == NEAREST and near:
        around = [choice for choice in open_ones if (choice.metres or 0) <= NEAR_METRES]
        if not around and open_ones:
            return _("5 公里内没有号，最近的在 %(far)s 外。") % {"far": words.distance(open_ones[0].metres)}
        text = ngettext("附近 5 公里有 %(n)d 个接种点有号", "附近 5 公里有 %(n)d 个接种点有号", len(around))
        return text % {"n": len(around)}
    if asked["district"]:
        text = ngettext("%(where)s有 %(n)d 个接种点有号", "%(where)s有 %(n)d 个接种点有号", len(open_ones))
        return text % {"where": words.district(asked["district"]), "n": len(open_ones)}
    text = ngettext("全市有 %(n)d 个接种点有号", "全市有 %(n)d 个接种点有号", len(open_ones))
    return text % {"n": len(open_ones)}


def _rows(journey: Journey, choices: Sequence[SiteChoice]) -> list[dict[str, Any]]:
    # Sites begin at the same few times and lie in the same few districts: say each once.
    soon = cache(lambda at: words.soon(at, journey.now))
    district, state, facilities = cache(words.district), cache(words.state), cache(words.facilities)
    rows = []
    for choice in choices:
        far, area = words.distance(choice.metres), district(choice.site.district)
        rows.append(
            {
                "name": words.named(choice.site),
                "where": f"{far} · {area}" if far else area,
                "facilities": facilities(choice.site.facilities),
                "earliest": soon(choice.earliest) if choice.earliest else "",
                "state": choice.state,
                "state_words": state(choice.state),
                "href": journey.when_url(choice.site.code),
            }
        )
    return rows


def _pager(journey: Journey, asked: dict[str, Any], page: int, count: int) -> dict[str, Any] | None:
    pages = -(-count // ROWS)
    if pages <= 1:
        return None
    return {
        "page": page,
        "pages": pages,
        "before": journey.where_url(**asked, page=page - 1) if page > 1 else None,
        "after": journey.where_url(**asked, page=page + 1) if page < pages else None,
    }
