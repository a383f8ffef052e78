"""The form of a way of release, as a browser sends it, and what its pages say."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from booking.models import Programme


def address(programme: Programme) -> str:
    return reverse("admin:booking_programme_release", args=[programme.pk])


def row(n: int, **fields: Any) -> dict[str, Any]:
    """One cohort's fields; whatever is not given is empty."""
    defaults = {"name": f"第{n}批", "name_en": f"Batch {n}", "opens_at": "2026-12-01T08:00"}
    return {f"cohorts-{n}-{name}": value for name, value in {**defaults, **fields}.items()}


def filled(mode: str, *rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The whole form with these rows."""
    found: dict[str, Any] = {"mode": mode, "cohorts-TOTAL_FORMS": len(rows), "cohorts-INITIAL_FORMS": 0}
    for one in rows:
        found |= one
    return {**found, **more}


def text_of(answer: Any) -> str:
    """What is read on the page, in one line."""
    body = re.sub(r"<(style|script).*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(body.split())


def carried(answer: Any) -> dict[str, Any]:
    """What the page's forms carry on, hidden or shown, as a browser would send it."""
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", answer.content.decode()):
        facts = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        name, kind = facts.get("name", ""), facts.get("type", "text")
        if not name or name == "csrfmiddlewaretoken" or (kind in ("radio", "checkbox") and " checked" not in tag):
            continue
        found.setdefault(name, []).append(facts.get("value", ""))
    return found


def apply(client: Client, programme: Programme, form: dict[str, Any]) -> Any:
    """From the opened page through the look at it to its button."""
    seen = carried(client.get(address(programme)))["seen"]
    looked_at = client.post(address(programme), {"seen": seen, **form, "step": "preview"})
    assert looked_at.status_code == 200
    return client.post(address(programme), {**carried(looked_at), "step": "apply"})
