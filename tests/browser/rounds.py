"""Rounds of leftover doses: who waits for one, and how a desk begins. Texts are in Chinese."""

from typing import Any

from tests.browser.city import City
from tests.browser.desk_device import Device


def citizen_who_waits(city: City, site: str, name: str, minutes: int = 9) -> dict[str, Any]:
    """A citizen, signed in, who has waited for a leftover dose of the site: the steward's `family`, and their wish."""
    family: dict[str, Any] = city.ask("family", people=[{"name": name, "relation": "self", "born": "1990-05-01"}])
    return {**family, "wish": city.ask("waits", person=family["people"][0], site=site, minutes=minutes)}


def begin_round(supervisor: Device) -> None:
    """A round of one dose, on the screen of leftovers, which is open."""
    supervisor.page.get_by_role("button", name="叫余苗 1 剂").click()
    supervisor.page.get_by_role("dialog").get_by_role("button", name="开始问").click()
