"""The site's addresses, and beside them what it is measured against."""

from django.urls import path

from deploy.urls import handler400, handler403, handler404, handler500  # noqa: F401
from deploy.urls import urlpatterns as site
from tests.bench.views import baseline, trivial

urlpatterns = [
    path("api/v1/bench/trivial", trivial),
    path("api/v1/bench/baseline", baseline),
    *site,
]
