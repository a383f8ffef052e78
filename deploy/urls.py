"""The whole site's addresses on one screen."""

from typing import Any

from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny

from deploy import errors
from deploy.health import live, ready
from deploy.metrics import metrics
from sites.queries import district_names

handler400 = "deploy.errors.bad_request"
handler403 = "deploy.errors.forbidden"
handler404 = "deploy.errors.not_found"
handler500 = "deploy.errors.failed"


class SchemaView(SpectacularJSONAPIView):
    """What the API promises, as OpenAPI 3.1; open to everyone."""

    authentication_classes: Any = []
    permission_classes = [AllowAny]


class DocsView(SpectacularSwaggerSplitView):
    """The same, to read and to try; its script comes from an address of its own, because nothing inline may run."""

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
    path("metrics", metrics),
    path("api/v1/schema", SchemaView.as_view(), name="schema"),
    re_path(r"^api/v1/", errors.not_found),
    path("api/docs", DocsView.as_view(url_name="schema"), name="docs"),
    path("admin/", admin.site.urls),
]
