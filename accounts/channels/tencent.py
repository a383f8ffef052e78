"""Tencent Cloud's SMS: SendSms of 2021-01-11, with the signature TC3-HMAC-SHA256."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from accounts.channels.outgoing import NotSent, Outgoing
from accounts.channels.posting import json_of, post
from accounts.channels.providers import approved_template

URL = "https://sms.tencentcloudapi.com/"
_TYPE = "application/json; charset=utf-8"


def authorization(*, key_id: str, secret: str, service: str, host: str, body: bytes, timestamp: int) -> str:
    """The Authorization header for this body, sent to `host` at `timestamp` (seconds since 1970)."""
    signed = "content-type;host"
    request = f"POST\n/\n\ncontent-type:{_TYPE}\nhost:{host}\n\n{signed}\n{hashlib.sha256(body).hexdigest()}"
    day = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    scope = f"{day}/{service}/tc3_request"
    text = f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    key = f"TC3{secret}".encode()
    for part in (day, service, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    return f"TC3-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders={signed}, Signature={signature}"


def send(outgoing: Outgoing) -> None:
    """Ask for one text message. Raises NotSent with the provider's code."""
    wanted = {
        "PhoneNumberSet": [outgoing.to],
        "SmsSdkAppId": settings.SMS["app_id"],
        "SignName": settings.SMS["sign"],
        "TemplateId": approved_template(outgoing),
        "TemplateParamSet": list(outgoing.facts.values()),
    }
    url = settings.SMS["url"] or URL
    body = json.dumps(wanted, ensure_ascii=False).encode()
    host, timestamp = urlsplit(url).netloc, int(datetime.now(UTC).timestamp())
    headers = {
        "Authorization": authorization(
            key_id=settings.SMS["key_id"],
            secret=settings.SMS["secret"],
            service="sms",
            host=host,
            body=body,
            timestamp=timestamp,
        ),
        "Content-Type": _TYPE,
        "Host": host,
        "X-TC-Action": "SendSms",
        "X-TC-Region": settings.SMS["region"] or "ap-guangzhou",
        "X-TC-Timestamp": str(timestamp),
        "X-TC-Version": "2021-01-11",
    }
    _accepted(json_of(post(url, body, headers)))


def _accepted(answer: dict[str, Any]) -> None:
    try:
        response = answer["Response"]
        code = response["Error"]["Code"] if "Error" in response else response["SendStatusSet"][0]["Code"]
    except (KeyError, IndexError, TypeError):
        code = "unreadable"
    if code != "Ok":
        raise NotSent(str(code))
