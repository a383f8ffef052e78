"""The caller's own key for one try: repeated, it has one effect and one answer.

The answer is written in the transaction of the effect, so a crash leaves both or neither. A refusal changed nothing
and is not kept: a repeat is judged anew.
"""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts.encryption import blind_index
from accounts.models import AnsweredRequest

_FORM = re.compile(r"[!-~]{8,64}")
Outcome = tuple[int, Any]


class KeyReused(Exception):
    """The key came before, with another request."""


def well_formed(key: str) -> bool:
    """8 to 64 visible ASCII characters."""
    return _FORM.fullmatch(key) is not None


def digest_of(method: str, path: str, body: Any) -> str:
    """What the request asks for, as a keyed hash: the body may hold a document number."""
    text = json.dumps([method, path, body], sort_keys=True, ensure_ascii=False, default=str)
    return blind_index("request", text).hex


def once(*, user_id: int, key: str | None, digest: str, now: datetime, act: Callable[[], Outcome]) -> Outcome:
    """Do it, or return what an earlier try with this key was answered. Without a key it is simply done.

    Raises KeyReused if the key came with another request, and whatever `act` raises.
    """
    if key is None:
        return act()
    earlier = _earlier(user_id, key, digest)
    if earlier is not None:
        return earlier
    try:
        with transaction.atomic():
            # First, so that a second try that comes at the same time waits here until this one has its answer.
            with transaction.atomic():
                row = AnsweredRequest.objects.create(
                    user_id=user_id, key=key, digest=digest, status=0, body=None, answered_at=now
                )
            status, body = act()
            row.status, row.body = status, body
            row.save(update_fields=["status", "body"])
    except IntegrityError as error:
        earlier = _earlier(user_id, key, digest)
        if earlier is None:
            raise error
        return earlier
    return status, body


def _earlier(user_id: int, key: str, digest: str) -> Outcome | None:
    row = AnsweredRequest.objects.filter(user_id=user_id, key=key).first()
    if row is None:
        return None
    if row.digest != digest:
        raise KeyReused()
    return row.status, row.body
