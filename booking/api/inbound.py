"""Text messages that people send: the gateway passes them on, signed with a secret that it shares with us."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.problem_schema import problems
from accounts.api.problems import Problem
from accounts.api.views import PRIVATE
from accounts.channels import signing
from accounts.tries import CannotCount, counted
from booking.api.appointments import BookingView
from booking.operations.messages.take_in import take_in

_MOST_A_MINUTE = 3000


class InboundIn(serializers.Serializer):
    """`id` is the gateway's own number of the text, the same whenever it sends it again."""

    id = serializers.RegexField(r"^[!-~]{1,80}$")
    text = serializers.CharField(allow_blank=True, max_length=1000)
    received_at = serializers.DateTimeField()

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), "from": serializers.CharField(max_length=40)}


class InboundOut(serializers.Serializer):
    result = serializers.ChoiceField(
        choices=(
            "accepted",
            "declined",
            "cancelled",
            "which",
            "failed",
            "help",
            "silent",
            "unknown_sender",
            "too_old",
            "too_many",
        )
    )


def _header(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=description)


class InboundView(BookingView):
    authentication_classes: Any = []
    permission_classes = [AllowAny]
    most_bytes = 8 * 1024

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what the gateway has not signed before anything in it is read."""
        super().initial(request, *args, **kwargs)
        timestamp, said = (request.headers.get(name, "") for name in (signing.TIMESTAMP, signing.SIGNATURE))
        body = request._request.body
        if not signing.is_genuine(settings.SMS_INBOUND_SECRET, timestamp, said, body, now=timezone.now()):
            raise Problem(401, "signature_wrong", _("签名不对，或时间差了 5 分钟以上。"))

    @extend_schema(
        operation_id="sms_inbound",
        parameters=[
            _header(signing.TIMESTAMP, "Seconds since 1970, at most five minutes off."),
            _header(signing.SIGNATURE, "Hexadecimal HMAC-SHA-256 of the timestamp, a dot and the body."),
        ],
        request=InboundIn,
        responses={200: InboundOut, **problems(400, 401, 413, 415, 429, 503)},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Take in a text that somebody sent. The same `id` again is answered alike and changes nothing."""
        wanted = InboundIn(data=request.data)
        wanted.is_valid(raise_exception=True)
        asked = wanted.validated_data
        try:
            if counted("inbound", seconds=60) > _MOST_A_MINUTE:
                raise Problem(429, "too_many_requests", _("请求太多，请过一分钟再试。"), {"Retry-After": "60"})
            result = take_in(
                key=asked["id"],
                sender=asked["from"],
                text=asked["text"],
                received_at=asked["received_at"],
                now=timezone.now(),
            )
        except CannotCount:
            raise Problem(503, "busy", _("现在人很多，请过几秒再试。"), {"Retry-After": "5"}) from None
        return Response({"result": result}, headers=PRIVATE)
