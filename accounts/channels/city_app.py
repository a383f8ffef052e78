"""The city app: whoever has signed in by its ticket is told there. One signed POST of JSON to its server.

    POST CITY_APP_WEBHOOK_URL
    Content-Type: application/json; charset=utf-8
    Idempotency-Key: BOOKED:482913057264
    Message-Timestamp: 1795658400
    Message-Signature: 5a0c…

    {"key": "BOOKED:482913057264", "kind": "booked", "language": "zh-hans", "title": "预约成功",
     "text": "【长沙疫苗】预约成功：王*兰 流感…", "account": "the ticket's sub",
     "facts": {"name": "王*兰", "programme": "流感", "site": "…", "starts_at": "2026-11-27 09:00", "reference": "…"},
     "sent_at": "2026-11-26T10:00:00+08:00"}

How to check it, in Python (the body as the bytes that came, before they are read as JSON):

    right = hmac.new(secret, timestamp.encode() + b"." + body, "sha256").hexdigest()
    if not hmac.compare_digest(right, signature) or abs(time.time() - int(timestamp)) > 300:
        return 401

Any 2xx means that it was taken. Anything else, and no answer within five seconds, brings it again later, so the same
message may come more than once: show each key once. There is no document number and no phone in it.
"""

import json
from datetime import datetime

from django.conf import settings

from accounts.channels import signing
from accounts.channels.outgoing import NotSent, Outgoing
from accounts.channels.posting import post


def send(outgoing: Outgoing, *, now: datetime) -> None:
    """Post the message for the account that `outgoing.to` names as the city app does. Raises NotSent."""
    said = {
        "key": outgoing.key,
        "kind": outgoing.kind,
        "language": outgoing.language,
        "title": outgoing.subject,
        "text": outgoing.text,
        "account": outgoing.to,
        "facts": dict(outgoing.facts),
        "sent_at": now.isoformat(timespec="seconds"),
    }
    body = json.dumps(said, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": outgoing.key,
        **signing.headers(settings.CITY_APP["secret"], body, now=now),
    }
    answer = post(settings.CITY_APP["url"], body, headers)
    if not 200 <= answer.status_code < 300:
        raise NotSent(str(answer.status_code))
