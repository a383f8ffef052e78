"""What browsers ask for by themselves, and what every answer carries."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings as installed
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.template.loader import get_template
from django.test import Client, override_settings

from accounts.models import User

HOUSE = Path(__file__).resolve().parents[3]
# Without the rehearsal's report: a file of its own, which no city serves.
TEMPLATES = sorted(path for path in (HOUSE / "templates").rglob("*.html") if path.parent.name != "rehearsal")
MANIFEST = "deploy.static_files.StaticFiles"
# Bytes of a first visit: everything that the first page makes a browser fetch, compressed.
FIRST_VISIT = 30 * 1024


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static files as an installation serves them, compressed and named by their content."""
    folder = tmp_path_factory.mktemp("static")
    storages = {**installed.STORAGES, "staticfiles": {"BACKEND": MANIFEST}}
    # The documents of the API and the admin are compressed by the installation; here it would only take time.
    skipped = ["drf_spectacular_sidecar*", "rest_framework*", "import_export*"]
    with override_settings(STORAGES=storages, STATIC_ROOT=folder):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=skipped)
    return folder


@pytest.fixture
def served(collected: Path, settings) -> Path:
    """The same, and pages name them so."""
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": MANIFEST}}
    settings.STATIC_ROOT = collected
    return collected


def test_every_static_file_that_a_template_names_is_there(served: Path) -> None:
    named = {
        name
        for path in TEMPLATES
        for name in re.findall(r"""\{% static ['"]([^'"]+)['"] %\}""", path.read_text(encoding="utf-8"))
    }

    assert "booking/app.css" in named
    for name in named:
        assert (served / staticfiles_storage.url(name).removeprefix("/static/")).is_file(), name


@pytest.mark.django_db
def test_a_first_visit_is_at_most_thirty_kilobytes_and_no_script_delays_it(served: Path, client: Client) -> None:
    page = client.get("/").text
    fetched = re.findall(r'(?:<script src|<link rel="(?:stylesheet|icon)" href|<use href)="([^"#]+)', page)
    files = {served / address.removeprefix("/static/") for address in fetched}
    sizes = {path.name: len(gzip.compress(path.read_bytes())) for path in files}

    assert len(sizes) == 5
    assert len(gzip.compress(page.encode())) + sum(sizes.values()) < FIRST_VISIT
    assert next(size for name, size in sizes.items() if name.endswith(".js")) <= 6 * 1024
    assert re.findall(r"<script(?![^>]*\bdefer\b)", page) == []


def test_the_icons_and_styles_exist_compressed_and_never_change_under_their_name(served: Path) -> None:
    name = staticfiles_storage.url("booking/app.css").removeprefix("/static/")

    assert re.fullmatch(r"booking/app\.[0-9a-f]{12}\.css", name)
    assert (served / f"{name}.gz").is_file()
    assert (served / f"{name}.br").is_file()


def test_the_service_worker_keeps_the_offline_page_and_nothing_of_a_person(client: Client) -> None:
    worker = client.get("/sw.js")

    assert worker["Content-Type"] == "text/javascript"
    kept = json.loads(re.search(r"const KEPT = (\[.*?\]);", worker.text)[1].replace("OFFLINE", '"/offline/"'))
    assert kept[0] == "/offline/"
    assert all(address.startswith("/static/booking/") for address in kept[1:])
    assert "cache.put" not in worker.text


def test_the_offline_page_gives_the_phone_number_in_both_languages(client: Client) -> None:
    page = client.get("/offline/").text

    assert "已经约好的都在，没有丢" in page
    assert "Everything you booked is safe" in page
    assert re.findall(r'<a class="button wide" href="([^"]+)"', page) == ["tel:12320"]


def test_the_manifest_names_icons_that_exist(client: Client) -> None:
    manifest = client.get("/site.webmanifest").json()

    assert manifest["name"] == "疫苗预约"
    for icon in manifest["icons"]:
        assert (HOUSE / "booking" / icon["src"].removeprefix("/")).is_file()


def test_search_engines_are_kept_from_what_belongs_to_people(client: Client) -> None:
    rules = client.get("/robots.txt").text

    for address in ("/appointments/", "/book/", "/family/", "/look-up/", "/me/", "/sign-in/", "/waitlist/", "/admin/"):
        assert f"Disallow: {address}\n" in rules


def test_browsers_that_ask_for_an_icon_get_one(client: Client) -> None:
    assert client.get("/favicon.ico")["Location"] == "/static/booking/icon-180.png"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/sites/", "/help/", "/nowhere/", "/api/docs", "/admin/", "/admin/login/"])
def test_nothing_inline_may_run_anywhere(client: Client, address: str) -> None:
    client.force_login(User.objects.create(username="administrator", is_staff=True, is_superuser=True))

    answer = client.get(address)
    policy = answer["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert re.findall(r"https?:", policy) == []
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "geolocation=(self)" in answer["Permissions-Policy"]
    assert "<style" not in answer.text
    assert re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", answer.text) == []


def test_no_template_has_a_script_or_style_of_its_own() -> None:
    inline = re.compile(r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<style|<script(?![^>]*\ssrc=)|href=["']javascript:""")

    found = {
        str(path.relative_to(HOUSE)): inline.findall(path.read_text(encoding="utf-8"))
        for path in TEMPLATES
        if inline.search(path.read_text(encoding="utf-8"))
    }

    assert found == {}


def test_every_page_ends_with_the_same_help() -> None:
    frame = get_template("base.html").template.source

    for name in ("help", "accessibility", "privacy"):
        assert f"{{% url '{name}' %}}" in frame


@pytest.mark.parametrize("address", ["/help/", "/accessibility/", "/privacy/"])
def test_statements_are_kept_by_browsers_and_say_where_to_call(client: Client, address: str) -> None:
    page = client.get(address)

    assert page["Cache-Control"].startswith("public, max-age=300")
    assert "12320" in page.text
    assert not page.cookies
