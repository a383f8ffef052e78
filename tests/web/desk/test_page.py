"""The desk's page: the same for everybody, small, and all of it on the device."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from django.conf import settings as installed
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import Client, override_settings

from booking.web.desk import files
from booking.web.desk.words import SCRIPTS, scripts, strings_of

STORAGE = "deploy.static_files.StaticFiles"
FIRST_LOAD = 105 * 1024
NAMED = re.compile(r"""(?:from|import)\s*\(?["'](\.[^"']+)["']""")

# None of it may read the ledger: there is no django_db here.


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The desk's static files as an installation serves them."""
    folder = tmp_path_factory.mktemp("static")
    storages = {**installed.STORAGES, "staticfiles": {"BACKEND": STORAGE}}
    skipped = ["admin*", "drf_spectacular_sidecar*", "rest_framework*", "import_export*", "django_otp*"]
    with override_settings(STORAGES=storages, STATIC_ROOT=folder, WHITENOISE_SKIP_COMPRESS_EXTENSIONS=["wasm", "js"]):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=skipped)
    return folder


@pytest.fixture
def served(collected: Path, settings) -> Path:
    """The same, and pages name them so."""
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": STORAGE}}
    settings.STATIC_ROOT = collected
    return collected


def _at(folder: Path, address: str) -> Path:
    return folder / address.removeprefix("/static/")


def _kept(client: Client, name: str = "KEPT") -> list[str]:
    said = re.search(rf"const {name} = (\[.*?\]);", client.get("/desk/sw.js").text)
    assert said
    return json.loads(said[1])


def _modules_from(folder: Path, entry: Path) -> Iterator[Path]:
    seen, waiting = set(), [entry]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            yield path
            waiting += [(path.parent / name).resolve() for name in NAMED.findall(path.read_text(encoding="utf-8"))]


def test_the_page_is_the_same_for_everybody_and_may_be_kept_by_anybody(client: Client) -> None:
    page = client.get("/desk/")
    english = client.get("/desk/", headers={"Accept-Language": "en", "Cookie": "sessionid=abc"})

    assert page.status_code == 200
    assert page.content == english.content
    assert page["Cache-Control"] == "public, max-age=60"
    assert "Cookie" not in page["Vary"]
    assert page.cookies == {}
    assert "需要 JavaScript" in page.text
    assert "needs JavaScript" in page.text


def test_only_this_page_may_compile_the_reader_and_nothing_of_others_runs(client: Client) -> None:
    policy = dict(part.split(" ", 1) for part in client.get("/desk/")["Content-Security-Policy"].split("; "))

    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert policy["default-src"] == "'none'"
    assert policy["worker-src"] == policy["connect-src"] == "'self'"
    assert "wasm-unsafe-eval" not in client.get("/desk/sw.js")["Content-Security-Policy"]


def test_without_the_last_stroke_the_address_leads_there(client: Client) -> None:
    assert client.get("/desk")["Location"] == "/desk/"


def test_it_can_be_installed(client: Client) -> None:
    said = client.get("/desk/manifest.webmanifest").json()

    assert (said["name"], said["display"], said["scope"], said["start_url"]) == (
        "接种服务台", "standalone", "/desk/", "/desk/",
    )  # fmt: skip
    assert {"180x180", "512x512"} < {icon["sizes"] for icon in said["icons"]}


def test_search_engines_are_told_to_stay_away(client: Client) -> None:
    assert "Disallow: /desk/\n" in client.get("/robots.txt").text


def test_the_words_in_english_are_those_of_the_scripts(client: Client) -> None:
    said = client.get("/desk/words/en.json", headers={"Accept-Language": "zh"}).json()

    assert set(said) == {text for script in scripts() for text in strings_of(script)}
    assert said["留观"] == "Observation"


def test_modules_name_each_other_by_their_content_and_are_all_there(served: Path) -> None:
    entry = _at(served, staticfiles_storage.url(files.ENTRY))

    found = list(_modules_from(served, entry))

    # Also those that a screen asks for only when it is opened; and none lies there that nobody names.
    assert len(found) == len(files.first_modules()) + len(files.later_modules())
    for path in found:
        assert re.search(r"\.[0-9a-f]{12}\.js$", path.name), path


def test_no_module_needs_itself(served: Path) -> None:
    # A name made of the content of what it names: two that name each other have none.
    def below(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, [*above, name]
        if name not in whole:
            for other in (*files.imported_by(name), *files.asked_for_by(name)):
                below(other, (*above, name))
            whole.add(name)

    whole: set[str] = set()
    below(files.ENTRY, ())
    assert whole == {*files.first_modules(), *files.later_modules()}


def test_what_a_screen_brings_later_is_not_fetched_at_first(served: Path, client: Client) -> None:
    page, kept = client.get("/desk/").text, _kept(client)

    for name in ("screens/stock.js", "screens/close.js", "walk_in/walk_in.js", "visit/record.js"):
        address = staticfiles_storage.url(f"booking/desk/{name}")
        assert address not in page
        assert address in kept
    first = [kept.index(staticfiles_storage.url(name)) for name in files.first_modules()]
    assert max(first) < min(kept.index(staticfiles_storage.url(name)) for name in files.later_modules())


def test_the_first_load_is_small(served: Path, client: Client) -> None:
    page = client.get("/desk/").text
    fetched = re.findall(r'(?:<script type="module" src|<link rel="(?:stylesheet|modulepreload)" href)="([^"]+)', page)
    parts = {address: len(brotli.compress(_at(served, address).read_bytes())) for address in fetched}

    total = sum(parts.values()) + len(brotli.compress(page.encode()))

    assert len(fetched) > 20
    assert total <= FIRST_LOAD, sorted(parts.items(), key=lambda part: -part[1])[:20]


def test_the_worker_keeps_the_page_and_all_its_files_and_then_the_reader(served: Path, client: Client) -> None:
    kept, later = _kept(client), _kept(client, "LATER")

    assert {"/desk/", "/desk/words/en.json", "/desk/manifest.webmanifest"} < set(kept)
    for address in [*kept, *later]:
        if address.startswith("/static/"):
            assert re.search(r"\.[0-9a-f]{12}\.\w+$", address), address
            assert _at(served, address).is_file(), address
        else:
            assert client.get(address).status_code == 200
    own = {staticfiles_storage.url(f"booking/desk/{path.relative_to(SCRIPTS)}") for path in SCRIPTS.rglob("*.*s")}
    assert own <= {*kept, *later}
    assert later == [staticfiles_storage.url(files.READER), staticfiles_storage.url(files.WASM)]
    assert not any("/api/" in address for address in [*kept, *later])


def test_the_page_says_where_the_reader_is(served: Path, client: Client) -> None:
    page = client.get("/desk/").text

    assert f'data-wasm="{staticfiles_storage.url(files.WASM)}"' in page
    assert f'data-reader="{staticfiles_storage.url(files.READER)}"' in page
    assert files.READER not in files.first_modules()
