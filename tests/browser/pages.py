"""Every page of the citizens, and how a browser gets there: one list for axe, sizes, widths and pictures."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser import ways
from tests.browser.prepared import Facts
from tests.browser.visitor import Visitor


@dataclass(frozen=True, slots=True)
class PageOfOurs:
    """A page by name; `go` brings a visitor there. `signed_in` says whether as a citizen or as a stranger."""

    name: str
    go: Callable[[Visitor, Facts], None]
    signed_in: bool = True
    # The page for when there is no network is kept in one size for everybody.
    text_size: str | None = None


def _at(path: str) -> Callable[[Visitor, Facts], None]:
    return lambda visitor, facts: visitor.open(path.format(**facts))


def _somebody_else(path: str) -> Callable[[Visitor, Facts], None]:
    """Signed in, with a family in which nobody is meant."""

    def go(visitor: Visitor, facts: Facts) -> None:
        other = facts["city"].ask("family", people=[{"name": "郑快", "relation": "self", "born": "1990-01-01"}])
        cookie = {"name": "sessionid", "value": other["session"], "url": visitor.address}
        visitor.context.add_cookies([cookie])
        visitor.open(path.format(**facts))

    return go


def _locked(path: str) -> Callable[[Visitor, Facts], None]:
    """Signed in as somebody whose booking was locked."""

    def go(visitor: Visitor, facts: Facts) -> None:
        cookie = {"name": "sessionid", "value": facts["locked"]["session"], "url": visitor.address}
        visitor.context.add_cookies([cookie])
        visitor.open(path.format(**facts))

    return go


def _appeal_empty(visitor: Visitor, facts: Facts) -> None:
    _locked("/me/appeal/")(visitor, facts)
    visitor.tap(visitor.page.locator("main form button"))


def _send_empty(path: str) -> Callable[[Visitor, Facts], None]:
    """The form as it comes back when nothing was filled in."""

    def go(visitor: Visitor, facts: Facts) -> None:
        visitor.open(path.format(**facts))
        visitor.tap(visitor.page.locator("main form button:not([type=button])").last)

    return go


def _nowhere(visitor: Visitor, facts: Facts) -> None:
    """The wish of somebody who would go nowhere."""
    visitor.open("/waitlist/join/{me}/influenza/?site={site}".format(**facts))
    visitor.page.locator("main form input[name=where]:checked").uncheck()
    visitor.tap(visitor.page.locator("main form button"))


def _looked_up(visitor: Visitor, facts: Facts) -> None:
    facts["city"].ask("forget_addresses")
    visitor.open("/look-up/")
    visitor.page.locator("main form input[name=reference]").fill(facts["booked"])
    visitor.page.locator("main form input[name=tail]").fill(facts["document_tail"])
    visitor.tap(visitor.page.locator("main form button"))


def _sign_in_errors(visitor: Visitor, facts: Facts) -> None:
    visitor.open("/sign-in/")
    visitor.tap(visitor.page.locator("main button[value=send]"))


def _sign_in_code(visitor: Visitor, facts: Facts) -> None:
    facts["phones"] = facts.get("phones", 13612340000) + 1
    visitor.open("/sign-in/")
    visitor.page.locator("main input[name=receiver]").first.fill(str(facts["phones"]))
    visitor.tap(visitor.page.locator("main button[value=send]"))


def _nothing_chosen(visitor: Visitor, facts: Facts) -> None:
    visitor.open("/book/{me}/influenza/{site}/".format(**facts))
    visitor.tap(visitor.page.locator(".bar button"))


def _lost(visitor: Visitor, facts: Facts) -> None:
    place = facts["city"].ask("last_place")
    visitor.open("/book/{me}/influenza/{0}/?day={1}".format(place["site"], place["day"], **facts))
    visitor.page.locator(f"#slot-{place['slot']}").check()
    facts["city"].ask("take", slot=place["slot"])
    visitor.tap(visitor.page.locator(".bar button"))


def _check(visitor: Visitor, facts: Facts) -> None:
    visitor.open("/book/{me}/influenza/{site}/".format(**facts))
    visitor.tap(visitor.page.locator("button.earliest"))


_LATER = {"zh-hans": "轮到再约的疫苗", "en": "Journey programme"}


def _not_your_turn(visitor: Visitor, facts: Facts) -> None:
    city = facts["city"]
    if "later" not in facts:
        facts["later"] = city.ask("programme", name="轮到再约的疫苗")
        city.ask("set_mode", programme=facts["later"], mode="cohort", digits="0123456789", hours=[30, 60])
        # Every process keeps the list of programmes for some seconds.
        ways.open_until(visitor, "/book/{me}/".format(**facts), _LATER[visitor.language or "zh-hans"], seconds=40)
    visitor.open("/book/{me}/{later}/".format(**facts))


def _own_line(visitor: Visitor, facts: Facts) -> None:
    visitor.open("/draws/{drawn}/result/".format(**facts))
    visitor.page.locator("main form input[name=code]").fill(facts["won"]["code"].lower())
    visitor.tap(visitor.page.locator("main form button"))


PAGES = [
    PageOfOurs("home", _at("/"), signed_in=False),
    PageOfOurs("text-size", _at("/text-size/"), signed_in=False),
    PageOfOurs("home-signed-in", _at("/")),
    PageOfOurs("sites", _at("/sites/"), signed_in=False),
    PageOfOurs("site", _at("/sites/{site}/"), signed_in=False),
    PageOfOurs("help", _at("/help/"), signed_in=False),
    PageOfOurs("accessibility", _at("/accessibility/"), signed_in=False),
    PageOfOurs("privacy", _at("/privacy/"), signed_in=False),
    PageOfOurs("open data", _at("/open-data/"), signed_in=False),
    PageOfOurs("offline", _at("/offline/"), signed_in=False, text_size="large"),
    PageOfOurs("not-found", _at("/nowhere/"), signed_in=False),
    PageOfOurs("sign-in", _at("/sign-in/"), signed_in=False),
    PageOfOurs("sign-in-by-email", _at("/sign-in/?by=email"), signed_in=False),
    PageOfOurs("sign-in-errors", _sign_in_errors, signed_in=False),
    PageOfOurs("sign-in-code", _sign_in_code, signed_in=False),
    PageOfOurs("sign-out", _at("/sign-out/")),
    PageOfOurs("family", _at("/family/")),
    PageOfOurs("add-person", _at("/family/add/")),
    PageOfOurs("add-person-errors", _send_empty("/family/add/")),
    PageOfOurs("edit-person", _at("/family/{mother}/")),
    PageOfOurs("remove-person", _at("/family/{mother}/remove/")),
    PageOfOurs("hand-over", _at("/me/hand-over/{mother}/")),
    PageOfOurs("take-over", _at("/me/take-over/")),
    PageOfOurs("records", _at("/me/records/")),
    PageOfOurs("record-slip", _at("/me/records/{me}/")),
    PageOfOurs("my-data", _at("/me/data/")),
    PageOfOurs("who-looked", _at("/me/looks/")),
    PageOfOurs("my-settings", _at("/me/settings/")),
    PageOfOurs("sign-out-everywhere", _at("/me/sign-out-everywhere/")),
    PageOfOurs("delete-account", _at("/me/delete/")),
    PageOfOurs("book-who", _at("/book/")),
    PageOfOurs("book-what", _at("/book/{me}/")),
    PageOfOurs("book-what-together", _at("/book/{me},{mother},{child}/")),
    PageOfOurs("book-where", _at("/book/{me}/influenza/")),
    PageOfOurs("book-where-nearest", _at("/book/{me}/influenza/?sort=nearest")),
    PageOfOurs("book-where-none", _at("/book/{me}/hpv/?weekend=1&english=1&step_free=1&sort=district&district=430181")),
    PageOfOurs("book-not-your-turn", _not_your_turn),
    PageOfOurs("book-when", _at("/book/{me}/influenza/{site}/")),
    PageOfOurs("book-when-all-days", _at("/book/{me}/influenza/{site}/?days=1")),
    PageOfOurs("book-when-nothing-chosen", _nothing_chosen),
    PageOfOurs("book-when-lost", _lost),
    PageOfOurs("book-check", _check),
    PageOfOurs("due-dose", _at("{due}")),
    PageOfOurs("queue", _at("/queue/{queue}/"), signed_in=False),
    PageOfOurs("queue-stand", _at("/queue/{queue}/stand/")),
    PageOfOurs("queue-stand-nobody-chosen", _send_empty("/queue/{queue}/stand/")),
    PageOfOurs("move", _at("/appointments/{booked}/move/")),
    PageOfOurs("appointment", _at("/appointments/{booked}/?done=1")),
    PageOfOurs("appointment-to-come", _at("/appointments/{booked}/")),
    PageOfOurs("appointment-cancelled", _at("/appointments/{cancelled}/")),
    PageOfOurs("appointment-vaccinated", _at("/appointments/{vaccinated}/")),
    PageOfOurs("my-appointments", _at("/appointments/")),
    PageOfOurs("cancel", _at("/appointments/{booked}/cancel/")),
    PageOfOurs("waitlist", _at("/waitlist/")),
    PageOfOurs("join-waitlist", _at("/waitlist/join/{me}/influenza/?site={site}")),
    PageOfOurs("join-waitlist-errors", _nowhere),
    PageOfOurs("leave-waitlist", _at("/waitlist/{wish}/leave/")),
    PageOfOurs("offer", _at("/waitlist/offers/{offer}/")),
    PageOfOurs("offer-withdrawn", _at("/waitlist/offers/{gone}/")),
    PageOfOurs("invitation", _at("{invited}")),
    PageOfOurs("invitation-signed-out", _at("{invited}"), signed_in=False),
    PageOfOurs("invitation-of-another", _somebody_else("{invited}"), signed_in=False),
    PageOfOurs("invitation-used", _at("{invited_used}")),
    PageOfOurs("invitation-over", _at("{invited_late}")),
    PageOfOurs("invitation-withdrawn", _at("{invited_not}")),
    PageOfOurs("invitation-unknown", _at("/i/Zm9vYmFyYmF6cXV4Zm9vYmE0MjQy/"), signed_in=False),
    PageOfOurs("offer-of-a-place", _at("/waitlist/offers/{place}/")),
    PageOfOurs("offer-of-a-place-late", _at("/waitlist/offers/{place_gone}/")),
    PageOfOurs("draws", _at("/draws/")),
    PageOfOurs("draw-signed-out", _at("/draws/{draw}/"), signed_in=False),
    PageOfOurs("draw", _at("/draws/{draw}/")),
    PageOfOurs("draw-sealed", _at("/draws/{sealed}/")),
    PageOfOurs("draw-who", _at("/draws/{draw}/enter/")),
    PageOfOurs("draw-wish", _at("/draws/{draw}/enter/{me}/?{draw_wish}&act=find&district=")),
    PageOfOurs("draw-wish-errors", _at("/draws/{draw}/enter/{me}/?any=0&act=check")),
    PageOfOurs("draw-check", _at("/draws/{draw}/enter/{me}/check/?{draw_wish}")),
    PageOfOurs("draw-entry", _at("/draws/entries/{entry}/?done=entered")),
    PageOfOurs("draw-withdraw", _at("/draws/entries/{entry}/withdraw/")),
    PageOfOurs("draw-won", _at("/draws/entries/{won[entry]}/")),
    PageOfOurs("draw-lost", _at("/draws/entries/{lost}/")),
    PageOfOurs("draw-list-sealed", _at("/draws/{sealed}/result/"), signed_in=False),
    PageOfOurs("draw-result", _at("/draws/{drawn}/result/"), signed_in=False),
    PageOfOurs("draw-own-line", _own_line, signed_in=False),
    PageOfOurs("draw-own-line-errors", _send_empty("/draws/{drawn}/result/"), signed_in=False),
    PageOfOurs("home-locked", _locked("/"), signed_in=False),
    PageOfOurs("appeal", _locked("/book/"), signed_in=False),
    PageOfOurs("appeal-errors", _appeal_empty, signed_in=False),
    PageOfOurs("look-up", _at("/look-up/"), signed_in=False),
    PageOfOurs("look-up-errors", _send_empty("/look-up/"), signed_in=False),
    PageOfOurs("look-up-found", _looked_up, signed_in=False),
]
