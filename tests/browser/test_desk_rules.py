"""What the desk decides by itself while the network is gone is what the server decides: one table for both."""

import json
from pathlib import Path
from typing import Any

from tests.browser.visitor import Visitor

_TABLE = Path(__file__).resolve().parents[1] / "rules" / "check_in_cases.json"
_DECIDE = """async (cases) => {
  const address = [...document.querySelectorAll("link[rel=modulepreload]")].map((link) => link.href)
    .find((href) => /rules\\/check_in(\\.\\w+)?\\.js$/.test(href));
  const { checkIn } = await import(address);
  return cases.map(({ in: given }) => {
    const { known } = given;
    return checkIn(known && {
      status: known.status.toLowerCase(), isHere: known.is_here, hasVisit: known.has_visit, day: known.day,
      startsAt: new Date(known.starts_at), endsAt: new Date(known.ends_at),
    }, {
      now: new Date(given.now), today: given.today, window: given.window_minutes, isOurs: given.is_ours,
      acceptsTime: given.accepts_time,
    });
  });
}"""


def test_a_check_in_is_decided_by_the_same_table_as_on_the_server(visitor: Any) -> None:
    somebody: Visitor = visitor()
    somebody.page.goto(f"{somebody.address}/desk/")
    cases = json.loads(_TABLE.read_text(encoding="utf-8"))

    found = somebody.page.evaluate(_DECIDE, cases)

    assert len(cases) > 20
    wrong = [case["name"] for case, said in zip(cases, found, strict=True) if said != case["out"]]
    assert wrong == []
