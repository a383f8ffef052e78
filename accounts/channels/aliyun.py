"""Alibaba Cloud's Dysmsapi: SendSms of 2017-05-25, with the RPC signature (HMAC-SHA1, version 1.0).

The parameters go as a form in the body, never in the address, which a proxy may write down.
"""

import hmac
import json
import uuid
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from django.conf import settings

from accounts.channels.outgoing import NotSent, Outgoing
from accounts.channels.posting import json_of, post
from accounts.channels.providers import approved_template

URL = "https://dysmsapi.aliyuncs.com/"


def signature(method: str, parameters: Mapping[str, str], secret: str) -> str:
    """The Signature parameter for these parameters."""
    listed = "&".join(f"{quote(name, safe='')}={quote(parameters[name], safe='')}" for name in sorted(parameters))
    text = f"{method}&%2F&{quote(listed, safe='')}"
    return b64encode(hmac.digest(f"{secret}&".encode(), text.encode(), "sha1")).decode()


def send(outgoing: Outgoing) -> None:
    """Ask for one text message. Raises NotSent with the provider's code."""
    to = outgoing.to.removeprefix("+")
    parameters = {
        "AccessKeyId": settings.SMS["key_id"],
        "Action": "SendSms",
        "Format": "JSON",
        # Numbers of the mainland go without their country code.
        "PhoneNumbers": to[2:] if to.startswith("86") else to,
        "RegionId": settings.SMS["region"] or "cn-hangzhou",
        "SignName": settings.SMS["sign"],
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": str(uuid.uuid4()),
        "SignatureVersion": "1.0",
        "TemplateCode": approved_template(outgoing),
        "TemplateParam": json.dumps(dict(outgoing.facts), ensure_ascii=False),
        "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Version": "2017-05-25",
    }
    parameters["Signature"] = signature("POST", parameters, settings.SMS["secret"])
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = json_of(post(settings.SMS["url"] or URL, urlencode(parameters).encode(), headers))
    if answer.get("Code") != "OK":
        raise NotSent(str(answer.get("Code", "")))
