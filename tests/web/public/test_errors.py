"""What people see when something is not as it should be."""

from collections.abc import Callable

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import include, path

from booking.operations.refusals import Busy


def _raising(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


urlpatterns = [
    path("breaks/", _raising(ValueError("a secret detail"))),
    path("no-ledger/", _raising(OperationalError("a secret detail"))),
    path("crowd/", _raising(Busy())),
    path("api/v1/breaks", _raising(ValueError("a secret detail"))),
    path("api/v1/no-ledger", _raising(OperationalError("a secret detail"))),
    path("", include("deploy.urls")),
]
handler400, handler403 = "deploy.errors.bad_request", "deploy.errors.forbidden"
handler404, handler500 = "deploy.errors.not_found", "deploy.errors.failed"

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


# None of these may use the database: without the mark, using it fails the test.


@pytest.mark.parametrize(
    ("address", "status", "chinese", "english"),
    [
        ("/nowhere/", 404, "找不到这个页面", "Page not found"),
        ("/breaks/", 500, "出了点问题，您的预约没有丢", "Your booking is safe"),
        ("/no-ledger/", 503, "现在人很多", "Very busy just now"),
        ("/crowd/", 503, "现在人很多", "Very busy just now"),
    ],
)
def test_each_error_has_a_page_in_both_languages_that_says_what_to_do(
    browser: Client, address: str, status: int, chinese: str, english: str
) -> None:
    in_chinese = browser.get(address)
    in_english = browser.get(address, headers={"accept-language": "en"})

    assert in_chinese.status_code == in_english.status_code == status
    assert chinese in in_chinese.text
    assert english in in_english.text
    assert 'href="tel:12320"' in in_chinese.text
    assert "secret" not in in_chinese.text
    assert in_chinese["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in in_chinese


@pytest.mark.parametrize("address", ["/no-ledger/", "/crowd/"])
def test_busy_says_when_to_come_back(browser: Client, address: str) -> None:
    assert browser.get(address)["Retry-After"] == "5"


def test_an_error_page_keeps_the_readers_text_size(browser: Client) -> None:
    browser.cookies["text_size"] = "largest"

    assert 'data-size="largest"' in browser.get("/breaks/").text


def test_a_form_without_its_token_says_that_nothing_was_done(browser: Client) -> None:
    refused = browser.post("/nowhere/")
    assert refused.status_code == 404

    refused = browser.post("/help/")

    assert refused.status_code == 403
    assert "这一页放得太久了" in refused.text
    assert "没有办成，也没有改动什么" in refused.text


def test_an_unknown_host_gets_our_page_with_all_its_headers(browser: Client) -> None:
    refused = browser.get("/", headers={"host": "elsewhere.example"})

    assert refused.status_code == 400
    assert "这一步没有成功" in refused.text
    assert refused["X-Frame-Options"] == "DENY"
    assert "Content-Security-Policy" in refused


def test_too_many_taps_have_a_page() -> None:
    page = render_to_string("429.html", {"seconds": 30}, RequestFactory().get("/sign-in/"))

    assert "点得太快了" in page
    assert "请等 30 秒" in page


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [("/api/v1/breaks", 500, "error"), ("/api/v1/no-ledger", 503, "busy"), ("/api/v1/nothing", 404, "not_found")],
)
def test_the_api_answers_its_own_errors_as_problems(browser: Client, address: str, status: int, code: str) -> None:
    answer = browser.get(address)

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert "secret" not in answer.text
