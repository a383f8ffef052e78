"""A gateway of the city's own: one POST of JSON with a bearer token; any 2xx means that it was accepted."""

import json

from django.conf import settings

from accounts.channels.outgoing import NotSent, Outgoing
from accounts.channels.posting import post


def send(outgoing: Outgoing) -> None:
    """Post {to, text, kind, language, key, facts}; the key is also the Idempotency-Key. Raises NotSent."""
    body = {
        "to": outgoing.to,
        "text": outgoing.text,
        "kind": outgoing.kind,
        "language": outgoing.language,
        "key": outgoing.key,
        "facts": dict(outgoing.facts),
    }
    headers = {
        "Authorization": f"Bearer {settings.SMS['token']}",
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": outgoing.key,
    }
    answer = post(settings.SMS["url"], json.dumps(body, ensure_ascii=False).encode(), headers)
    if not 200 <= answer.status_code < 300:
        raise NotSent(str(answer.status_code))
