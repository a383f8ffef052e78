"""One act by a call of its own, for programs that keep no queue. The act's key is the caller's request key."""

import uuid
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from accounts.api.problems import Problem
from accounts.request_keys import well_formed
from booking.api.desk.act_schema import not_too_old
from booking.api.desk.base import DeskView
from booking.models import ActKind
from booking.operations.desk.act import Act
from booking.operations.desk.answer import ERROR, Answer
from booking.operations.desk.carry_out_batch import carry_out_batch

# Whoever keeps no queue has no device: each account is one.
_DEVICES = uuid.UUID("0f6c1f0e-8d1f-5d55-9a8e-9b7c5f0a2d11")


class DoneIn(serializers.Serializer):
    """Where and when it was done. Without a site the only one where the caller works; without a time now."""

    site = serializers.CharField(max_length=20, required=False)
    desk = serializers.CharField(max_length=20, required=False, default="API")
    happened_at = serializers.DateTimeField(required=False)
    offline = serializers.BooleanField(required=False, default=False)

    def validate_happened_at(self, value: datetime) -> datetime:
        return not_too_old(value)


class OneActView(DeskView):
    """A call that carries out one act."""

    def carry_out(
        self, request: Request, kind: ActKind, reference: str, sent: dict[str, Any], data: dict[str, Any]
    ) -> Answer:
        """Carry it out at the site that `self.at` has found. `sent` is valid for DoneIn, `data` as handlers read it.

        What was not done offline may be refused: see the answer. Raises Problem 400 and 503.
        """
        now, user = timezone.now(), self.staff(request)
        act = Act(
            key=_key(request, kind, reference, sent),
            device=uuid.uuid5(_DEVICES, str(user.pk)),
            sequence=int(now.timestamp() * 1000),
            after=None,
            kind=kind,
            reference=reference,
            happened_at=sent.get("happened_at") or now,
            offline=sent["offline"],
            desk=sent["desk"],
            by=user.pk,
            data=data,
        )
        answer = carry_out_batch([act], site=self.site, sent_by=user.pk, roles=self.roles, now=now)[0]
        if answer.outcome == ERROR:
            words = _("服务器没有办成。请过几秒用同一个请求编号再试。")
            raise Problem(503, "busy", words, headers={"Retry-After": "2"})
        return answer


def _key(request: Request, kind: ActKind, reference: str, sent: dict[str, Any]) -> str:
    key: str | None = request.headers.get("Idempotency-Key")
    if key is not None:
        if not well_formed(key):
            raise Problem(400, "request_key_malformed", _("请求编号应为 8 到 64 个可见的 ASCII 字符。"))
        return key
    if "happened_at" not in sent:
        return str(uuid.uuid4())
    # The same thing at the same moment is the same act.
    return str(uuid.uuid5(_DEVICES, f"{kind} {reference} {sent['happened_at'].isoformat()} {sent['desk']}"))
