"""What the pages of `tests.browser.pages` show: one family's things in every state, made once for all of them."""

from typing import Any

from tests.browser.city import City

# What `prepare` made: ids, references and codes of one family's things.
Facts = dict[str, Any]


def prepare(city: City) -> Facts:
    """A family with something in every state, for all pages."""
    family = city.ask(
        "family",
        people=[
            {"name": "李佳怡", "relation": "self", "born": "1994-05-08"},
            {"name": "王秀兰", "relation": "parent", "born": "1958-03-14"},
            {"name": "李小满", "relation": "child", "born": "2019-06-01"},
        ],
    )
    me, mother, child = family["people"]
    booked = city.ask("appointment", person=mother)
    wish = city.ask("waits", person=child, site=booked["site"], minutes=90, programme="influenza")
    booster = city.ask("site_of", programme="covid-booster")
    wish_for_place = city.ask("waits", person=mother, site=booster["site"], minutes=80, programme="covid-booster")
    series = city.ask("series_site")
    return {
        "city": city,
        "due": city.ask("dose_due", person=mother, **series)["path"],
        "family": family,
        "me": me,
        "mother": mother,
        "child": child,
        "booked": booked["reference"],
        "cancelled": city.ask("cancelled", person=child)["reference"],
        "vaccinated": city.ask("vaccinated", person=me, programme="covid-booster", dose=1, days_ago=40)["reference"],
        "document_tail": family["tails"][1],
        "site": booked["site"],
        "wish": wish,
        "invited": city.ask("invitation_of", person=child, programme="covid-booster"),
        "invited_used": city.ask("invitation_of", person=mother, programme="influenza"),
        "invited_late": city.ask("invitation_of", person=me, programme="hpv", ends_in_hours=-1),
        "invited_not": city.ask("invitation_of", person=me, programme="hpv", withdrawn=True),
        "gone": city.ask("offered", entry=wish, state="WITHDRAWN"),
        "offer": city.ask("offered", entry=wish),
        "place_gone": city.ask("place_shown", entry=wish_for_place, slot=booster["slot"], state="EXPIRED"),
        "place": city.ask("place_shown", entry=wish_for_place, slot=booster["slot"]),
        "queue": city.ask("release_with_queue", people_a_minute=5, early=1240)["queue"],
        "locked": _locked(city),
        **_draws(city, me, mother),
    }


def _locked(city: City) -> dict[str, Any]:
    """Somebody whose booking was locked, with an appointment that stands."""
    family: dict[str, Any] = city.ask("family", people=[{"name": "何帮忙", "relation": "self", "born": "1980-02-02"}])
    [person] = family["people"]
    city.ask("appointment", person=person)
    city.ask("locked", person=person, reason="一个月里用这个账号约了 23 个人，看起来像代抢。")
    return family


def _draws(city: City, me: str, mother: str) -> Facts:
    """A draw that is open, one whose list is sealed, and one that was drawn; an entry in each."""
    ask = city.ask
    places, sealed, drawn = (ask("drawn_places", places=1, sites=sites) for sites in (6, 1, 1))
    draws = [ask("draw", **one) for one in (places, sealed, drawn)]
    entry = ask("entered", draw=draws[0], person=mother, sites=places["sites"][:2], any_site=True)
    ask("entered", draw=draws[1], person=me)
    for person in (me, mother):
        ask("entered", draw=draws[2], person=person, sites=drawn["sites"])
    ask("draw_closes", draw=draws[1])
    ask("draw_runs", draw=draws[2])
    found = ask("entries", draw=draws[2]).values()
    return {
        "draw": draws[0], "sealed": draws[1], "drawn": draws[2], "entry": entry["entry"],
        "draw_wish": f"sites={places['sites'][0]}&sites={places['sites'][1]}&any=0",
        "won": next(one for one in found if one["reference"]),
        "lost": next(one["entry"] for one in found if not one["reference"]),
    }  # fmt: skip
