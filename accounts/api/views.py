"""What every call of the API is built on: its language, who is signed in, and acts done once for a request key."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.language import language_of
from accounts.api.problems import Problem
from accounts.request_keys import KeyReused, digest_of, once, well_formed

# The largest body that makes sense, a patient with every field, has less than one kilobyte.
MOST_BYTES = 16 * 1024
# An answer about a person is nobody else's, and no cache's.
PRIVATE = {"Cache-Control": "no-store"}
KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="8 to 64 visible ASCII characters, new for each act."
)


class ApiView(APIView):
    """A REST framework view that answers in the language asked for; `self.language` is `zh-hans` or `en`."""

    language = "zh-hans"
    most_bytes = MOST_BYTES

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.language = language_of(request.headers.get("Accept-Language"))
        with translation.override(self.language):
            response = super().dispatch(request, *args, **kwargs)
            if hasattr(response, "render"):
                response = response.render() if getattr(response, "accepted_renderer", None) else response
            return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a body that no call of ours can need before it is read."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > self.most_bytes:
            raise RequestDataTooBig
        super().initial(request, *args, **kwargs)

    def signed_in(self, request: Request) -> int:
        """The id of the account that is signed in."""
        return int(request.user.id)  # type: ignore[arg-type]

    def once(self, request: Request, act: Callable[[], Any], *, status: int = 200) -> Response:
        """Run `act`, which returns the body, at most once for the caller's request key; a repeat is answered alike."""
        key = request.headers.get("Idempotency-Key")
        if key is not None and not well_formed(key):
            raise Problem(400, "request_key_malformed", _("请求编号应为 8 到 64 个可见的 ASCII 字符。"))
        digest = digest_of(request.method or "", request.path, request.data)
        try:
            status, body = once(
                user_id=self.signed_in(request),
                key=key,
                digest=digest,
                now=timezone.now(),
                act=lambda: (status, act()),
            )
        except KeyReused:
            words = _("这个请求编号已经用于另一个请求。请换一个新的编号。")
            raise Problem(422, "request_key_reused", words) from None
        return Response(body, status=status, headers=PRIVATE)
