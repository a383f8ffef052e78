"""The whole site's addresses on one screen."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.api.language import language_of
from accounts.api.problems import problem_response


def no_such_call(request: HttpRequest) -> HttpResponse:
    """What the API does not have is answered as the API answers everything."""
    with translation.override(language_of(request.headers.get("Accept-Language"))):
        return problem_response(404, "not_found", _("没有找到。请检查后再试。"))


no_such_call.csrf_exempt = True  # type: ignore[attr-defined]

urlpatterns = [
    path("api/v1/", include("booking.api.urls")),
    path("api/v1/", include("accounts.api.urls")),
    re_path(r"^api/v1/", no_such_call),
    path("admin/", admin.site.urls),
]
