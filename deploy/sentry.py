"""Error reports to Sentry, without anything of people: imported only where SENTRY_DSN is set."""

from typing import Any

import sentry_sdk

from accounts import request_ids
from deploy.scrub import scrub

# Of a request only these are sent.
_OF_REQUEST = ("method", "url")


def start(dsn: str, *, release: str, **more: Any) -> None:
    """Report errors from now on. `more` goes to sentry_sdk.init."""
    sentry_sdk.init(
        dsn=dsn,
        release=release,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        # What happened before an error holds statements and messages of other people's requests.
        max_breadcrumbs=0,
        before_send=clean,
        **more,
    )


def clean(event: Any, hint: Any = None) -> Any:
    """The event without headers, cookies, query, body and variables, and every text in it scrubbed."""
    request = event.get("request") or {}
    kept = {name: request[name] for name in _OF_REQUEST if name in request}
    if "url" in kept:
        kept["url"] = str(kept["url"]).partition("?")[0]
    event["request"] = kept
    for name in ("user", "breadcrumbs", "extra", "server_name", "modules"):
        event.pop(name, None)
    for values in _exceptions(event):
        for frame in (values.get("stacktrace") or {}).get("frames") or ():
            frame.pop("vars", None)
    if number := request_ids.current():
        event["tags"] = {**(event.get("tags") or {}), "request_id": number}
    return _scrubbed(event)


def _exceptions(event: Any) -> list[Any]:
    return [*((event.get("exception") or {}).get("values") or ()), *((event.get("threads") or {}).get("values") or ())]


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, dict):
        return {name: _scrubbed(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_scrubbed(one) for one in value]
    return value
