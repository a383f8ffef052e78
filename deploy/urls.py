"""The whole site's addresses on one screen."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerView
from rest_framework.permissions import AllowAny

from accounts.api.language import language_of
from accounts.api.problems import problem_response
from deploy.health import live, ready
from sites.queries import district_names


def no_such_call(request: HttpRequest) -> HttpResponse:
    """What the API does not have is answered as the API answers everything."""
    with translation.override(language_of(request.headers.get("Accept-Language"))):
        return problem_response(404, "not_found", _("没有找到。请检查后再试。"))


no_such_call.csrf_exempt = True  # type: ignore[attr-defined]


class SchemaView(SpectacularJSONAPIView):
    """What the API promises, as OpenAPI 3.1; open to everyone."""

    authentication_classes: Any = []
    permission_classes = [AllowAny]


class DocsView(SpectacularSwaggerView):
    """The same, to read and to try."""

    authentication_classes: Any = []
    permission_classes = [AllowAny]


urlpatterns = [
    # First, because the API's addresses are looked for most.
    path("api/v1/", include("booking.api.urls")),
    path("api/v1/", include("accounts.api.urls")),
    path("", include("booking.web.urls")),
    path("", include("accounts.web.urls")),
    path("", include("accounts.web.family_urls"), {"districts": district_names}),
    path("health/live", live),
    path("health/ready", ready),
    path("api/v1/schema", SchemaView.as_view(), name="schema"),
    re_path(r"^api/v1/", no_such_call),
    path("api/docs", DocsView.as_view(url_name="schema"), name="docs"),
    path("admin/", admin.site.urls),
]
