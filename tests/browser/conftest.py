"""The browser, the city and the people of the journeys."""

import io
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import segno
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import chromium, measure
from tests.browser.city import City
from tests.browser.contact_sheet import make_contact_sheets
from tests.browser.desk_device import Device
from tests.browser.visitor import Visitor

PICTURES = Path(__file__).resolve().parents[2] / "test-artifacts" / "pages"
NewVisitor = Callable[..., Visitor]
NewDevice = Callable[..., Device]
PHONE, TABLET = {"width": 390, "height": 844}, {"width": 1024, "height": 768}


BeginVisits = Callable[..., tuple[Device, dict[str, Any]]]
# The search of Django's lists, which has a picture for a label, and the choices that can be searched.
_DJANGOS = ("#searchbar", ".select2-container")
# A screen of the desk loads its script when it is first opened; on two cores that may wait for a processor.
expect.set_options(timeout=15_000)


def pytest_configure() -> None:
    """Told to stop, it stops as it does for Ctrl-C: the browser and the city end with it."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture(scope="session")
def city() -> Iterator[City]:
    """A real demonstration city, one for all journeys: each brings people of its own. No log of it tells of them."""
    with City() as city:
        yield city
        assert city.leaks() == {}, "these logs tell numbers or phones of the ledger"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium."""
    program = chromium.program()
    if program is None:
        pytest.exit("No Chromium: `make journeys` installs it, or says how.", returncode=1)
    return {**browser_type_launch_args, "executable_path": program, "args": list(chromium.ARGUMENTS)}


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    """Every journey that uses this is made twice."""
    return bool(request.param)


@pytest.fixture
def visitor(new_context: Callable[..., BrowserContext], city: City) -> NewVisitor:
    """Somebody with a browser that knows nothing yet, at a phone unless told otherwise.

    `family` (what the steward answered) signs in; `language` (zh-hans, en) and `text_size` are as chosen earlier.
    """

    city.ask("forget_addresses")

    def come(
        *,
        family: dict[str, Any] | None = None,
        javascript: bool = True,
        language: str | None = None,
        text_size: str | None = None,
        width: int = 390,
        height: int = 844,
        scale: float = 1,
    ) -> Visitor:
        context = new_context(
            java_script_enabled=javascript, locale="zh-CN", timezone_id=city.zone, reduced_motion="reduce",
            viewport={"width": width, "height": height}, device_scale_factor=scale, service_workers="block",
        )  # fmt: skip
        context.set_default_timeout(30_000)
        context.set_default_navigation_timeout(60_000)
        remembered = {"sessionid": family and family["session"], "django_language": language, "text_size": text_size}
        context.add_cookies(
            [{"name": name, "value": value, "url": city.address} for name, value in remembered.items() if value]
        )
        return Visitor(context, city.address, javascript=javascript, language=language)

    return come


@pytest.fixture
def desk(visitor: NewVisitor) -> NewVisitor:
    """Somebody at a desk with a wide screen, as `visitor`, in the admin.

    Every page on the way is looked at: only tables in frames of their own scroll sideways, and axe is content but for
    what is Django's own.
    """

    def come(*, javascript: bool = True, **whoever: Any) -> Visitor:
        somebody = visitor(javascript=javascript, width=1280, height=900, **whoever)
        somebody.wants_stillness = False
        somebody.looks += [measure.wider_than_the_screen, *([_axe] if javascript else [])]
        return somebody

    return come


def _axe(page: Page) -> list[str]:
    return measure.axe_violations(page, but_for=_DJANGOS)


@pytest.fixture
def administrator(desk: NewVisitor, city: City) -> NewVisitor:
    """An administrator past both factors: of the whole city, unless role, district or site say otherwise."""

    def come(
        *, role: str = "city", district: str | None = None, site: str | None = None, javascript: bool = True
    ) -> Visitor:
        office = city.ask("administrator", role=role, district=district, site=site)
        return desk(family=office, javascript=javascript)

    return come


@pytest.fixture
def begin_visits(new_context: Callable[..., BrowserContext], city: City) -> Iterator[BeginVisits]:
    """Somebody with these posts begins a shift where these people have checked in; none of their pages fails."""
    city.ask("forget_addresses")
    made: list[Device] = []

    def come(
        people: list[str], *, station: str = "接种", roles: tuple[str, ...] = ("supervisor",),
        intervals: list[int] | None = None, width: int = 390, height: int = 844,
    ) -> tuple[Device, dict[str, Any]]:  # fmt: skip
        site = city.ask("visited_site", people=people, intervals=intervals)
        context = new_context(
            locale="zh-CN", timezone_id=city.zone, reduced_motion="reduce",
            viewport={"width": width, "height": height},
        )  # fmt: skip
        made.append(Device(context, city))
        made[-1].begin_shift(city.ask("desk_person", site=site["site"], roles=list(roles)), station=station)
        return made[-1], site

    yield come
    assert [fault for device in made for fault in device.faults] == []


@pytest.fixture(scope="session")
def pictures() -> Iterator[Path]:
    """Where pictures of pages go: emptied at the start, with a contact sheet for each page at the end."""
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    yield PICTURES
    make_contact_sheets(PICTURES)


@pytest.fixture
def new_device(new_context: Callable[..., BrowserContext], city: City) -> Iterator[NewDevice]:
    """A device that has never been at a desk, in any browser; no page of any may fail."""
    city.ask("forget_addresses")
    made: list[Device] = []

    def come(browser: Browser | None = None, viewport: Any = PHONE) -> Device:
        context = (browser.new_context if browser else new_context)(
            locale="zh-CN", timezone_id=city.zone, reduced_motion="reduce", viewport=viewport
        )
        made.append(Device(context, city))
        return made[-1]

    yield come
    assert [fault for device in made for fault in device.faults] == []


@pytest.fixture
def desk_day(city: City) -> dict[str, Any]:
    """A site of its own, with five people who are due."""
    return city.ask("desk_day", people=5)  # type: ignore[no-any-return]


@pytest.fixture
def at_work(city: City, new_device: NewDevice, desk_day: dict[str, Any]) -> NewDevice:
    """A device with a shift of somebody with these posts, at the site of the day."""

    def come(roles: tuple[str, ...] = ("registration",), *, station: str = "登记", **kind: Any) -> Device:
        device = new_device(**kind)
        device.begin_shift(city.ask("desk_person", site=desk_day["site"], roles=list(roles)), station=station)
        return device

    return come


@pytest.fixture
def camera(launch_browser: Callable[..., Browser], tmp_path: Path) -> Iterator[Callable[[str], Browser]]:
    """A browser whose camera sees a code."""
    made: list[Browser] = []

    def look_at(code: str) -> Browser:
        film = tmp_path / "camera.mjpeg"
        film.write_bytes(_picture(code))
        fake = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
        made.append(launch_browser(args=[*chromium.ARGUMENTS, *fake, f"--use-file-for-fake-video-capture={film}"]))
        return made[-1]

    yield look_at
    for browser in made:
        browser.close()


def _picture(code: str) -> bytes:
    """A grey room, and in it the code on somebody's phone."""
    drawn, picture = io.BytesIO(), io.BytesIO()
    segno.make(code, version=1, error="q", mode="numeric", boost_error=False).save(drawn, kind="png", scale=9, border=4)
    room, phone = Image.new("RGB", (640, 480), "#808080"), Image.open(drawn).convert("RGB")
    room.paste(phone, ((640 - phone.width) // 2, (480 - phone.height) // 2))
    room.save(picture, "JPEG", quality=90)
    return picture.getvalue()
