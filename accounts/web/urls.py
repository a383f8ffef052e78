"""Signing in and out."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path


def not_yet(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise Http404


urlpatterns = [
    path("sign-in/", not_yet, name="sign_in"),
    path("sign-out/", not_yet, name="sign_out"),
]
