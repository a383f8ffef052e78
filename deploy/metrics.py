"""/metrics: what the processes of this machine have counted, and how the city stands. Not for the public."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from booking.metrics import REGISTRY
from deploy.city_metrics import City
from deploy.machine_metrics import Machine
from deploy.metric_files import at_rest
from deploy.watchers import may_watch


def metrics(request: HttpRequest) -> HttpResponse:
    """In Prometheus's text format; 404 for everybody who may not watch."""
    if not may_watch(request):
        return HttpResponseNotFound()
    body = _counted() + generate_latest(_asked())
    return HttpResponse(body, content_type=CONTENT_TYPE_PLAIN_0_0_4, headers={"Cache-Control": "no-store"})


def _counted() -> bytes:
    folder = settings.METRICS["folder"]
    if not folder:
        # One process alone, as manage.py runserver: it has it all.
        return generate_latest(REGISTRY)
    with at_rest(folder) as registry:
        return generate_latest(registry)


def _asked() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(Machine())
    registry.register(City())
    return registry
