"""The desk's one page, its service worker, its manifest and its words: the same for everybody, whoever signs in."""

from functools import lru_cache
from hashlib import sha256

from csp.decorators import csp_update
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation

from booking.web.desk import files
from booking.web.desk.words import words
from booking.web.icons import app_icons

# A new version is to be found soon; the page itself comes from its service worker's cache.
_HEADERS = {"Cache-Control": "public, max-age=60"}


# The reader of codes is compiled in the browser.
@csp_update({"script-src": ["'wasm-unsafe-eval'"]})
def shell(request: HttpRequest) -> HttpResponse:
    """The page. It holds nobody's data and asks for none."""
    return HttpResponse(_shell(), headers=_HEADERS)


def service_worker(request: HttpRequest) -> HttpResponse:
    """Keeps the page and all that it needs on the device. Below /desk/, which is what it governs."""
    body = render_to_string("desk/sw.js", {"kept": _kept(), "later": _later(), "version": _version()})
    return HttpResponse(body, content_type="text/javascript", headers=_HEADERS)


def manifest(request: HttpRequest) -> HttpResponse:
    """What makes the page an app on the device."""
    content = {
        "id": reverse("desk"),
        "name": "接种服务台",
        "short_name": "服务台",
        "lang": "zh-CN",
        "start_url": reverse("desk"),
        "scope": reverse("desk"),
        "display": "standalone",
        "background_color": "#f4f6f9",
        "theme_color": "#1f3fa6",
        "icons": app_icons(),
    }
    return JsonResponse(content, content_type="application/manifest+json", headers=_HEADERS)


def english(request: HttpRequest) -> HttpResponse:
    """The page's texts in English, by their Chinese."""
    return JsonResponse(_english(), headers=_HEADERS, json_dumps_params={"ensure_ascii": False})


def _english() -> dict[str, str]:
    with translation.override("en"):
        return words()


def _shell() -> str:
    return render_to_string(
        "desk/shell.html",
        {
            "styles": files.styles(),
            "modules": [name for name in files.first_modules() if name != files.ENTRY],
            "entry": files.ENTRY,
            "reader": files.READER,
            "wasm": files.WASM,
        },
    )


def _kept() -> list[str]:
    """What the page needs without the network: first what it begins with, then the screens that come later."""
    named = [*files.styles(), *files.first_modules(), *files.ICONS, *files.later_modules()]
    return [reverse("desk"), reverse("desk_words"), reverse("desk_manifest"), *(static(name) for name in named)]


def _later() -> list[str]:
    return [static(files.READER), static(files.WASM)]


@lru_cache(maxsize=1)
def _version() -> str:
    """Another one as soon as anything that is kept is another."""
    digest = sha256(repr((_shell(), sorted(_english().items()), _kept(), _later())).encode())
    code = [*files.first_modules(), *files.later_modules(), files.READER, files.WASM]
    for name in [*files.styles(), *files.ICONS, *code]:
        path = finders.find(name)
        assert isinstance(path, str), name
        with open(path, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()[:16]
