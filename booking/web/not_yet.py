from django.http import Http404, HttpRequest, HttpResponse


def not_yet(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """An address that is agreed on and not built yet."""
    raise Http404
