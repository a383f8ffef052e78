"""What is held about a citizen: to see, to download, and who looked at it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from booking.queries import my_data as held
from booking.queries.looks import looks_at
from booking.web.me.export import as_json, as_zip
from booking.web.me.private import account_of, private


@private("GET")
def my_data(request: HttpRequest) -> HttpResponse:
    """What is held, in short, and what the citizen can do about it."""
    return render(request, "booking/me/my_data.html", {"data": held.my_data(account_of(request))})


@private("GET")
def download_json(request: HttpRequest) -> HttpResponse:
    """All of it for another program."""
    body = as_json(held.my_data(account_of(request)), now=timezone.now())
    return _file(body, "application/json", "my-data.json")


@private("GET")
def download_zip(request: HttpRequest) -> HttpResponse:
    """All of it to read: a page and tables."""
    body = as_zip(held.my_data(account_of(request)), now=timezone.now())
    return _file(body, "application/zip", "my-data.zip")


def _file(body: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(body, content_type=content_type, headers=headers)


@private("GET")
def who_looked(request: HttpRequest) -> HttpResponse:
    """When, what kind of staff and why; never who."""
    return render(request, "booking/me/who_looked.html", {"looks": looks_at(account_of(request))})
