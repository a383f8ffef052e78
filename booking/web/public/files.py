"""What browsers and search engines ask for by themselves: service worker, manifest, icon, robots.txt."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from booking.web.icons import app_icons
from booking.web.public.kept import public

_DAY = 86_400
_ROBOTS = """User-agent: *
Disallow: /admin/
Disallow: /api/
Disallow: /appointments/
Disallow: /book/
Disallow: /desk/
Disallow: /draws/entries/
Disallow: /family/
Disallow: /language/
Disallow: /look-up/
Disallow: /me/
Disallow: /screen/
Disallow: /sign-in/
Disallow: /text-size/
Disallow: /waitlist/
"""


@public(max_age=300)
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows when there is no network: in both languages and large, whoever kept it."""
    return render(request, "offline.html", {"text_size": "large"})


@public(max_age=3600)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker. Below the root, because a worker governs only what lies below its own address."""
    context = {
        "kept": [static("booking/tokens.css"), static("booking/app.css"), static("booking/favicon.svg")],
        # Another text of the offline page makes another worker, which fetches it.
        "version": sha256(offline(request).content).hexdigest()[:12],
    }
    return render(request, "booking/public/sw.js", context, content_type="text/javascript")


@public(max_age=_DAY)
def manifest(request: HttpRequest) -> HttpResponse:
    """What a home screen shows."""
    content = {
        "name": _("疫苗预约"),
        "short_name": _("疫苗预约"),
        "start_url": reverse("home"),
        "display": "browser",
        "background_color": "#f4f6f9",
        "theme_color": "#1f3fa6",
        "icons": app_icons(),
    }
    return JsonResponse(content, content_type="application/manifest+json")


def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may read what is the same for everybody."""
    return HttpResponse(_ROBOTS, content_type="text/plain", headers={"Cache-Control": f"public, max-age={_DAY}"})


def favicon(request: HttpRequest) -> HttpResponse:
    """For browsers that ask before they have read the page."""
    headers = {"Cache-Control": f"public, max-age={_DAY}"}
    return HttpResponseRedirect(static("booking/icon-180.png"), headers=headers)
