"""POST an appointment: the one call that everybody makes in the same minute.

A plain view, because REST framework would cost a quarter of it; its schema stands with the other appointment calls.
It sends no SQL for anybody who is refused by the gate, and for those who are not it does its work together with
everybody who asks at the same time.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.db import Error as LedgerError
from django.http import HttpRequest, HttpResponse, RawPostDataException, UnreadablePostError
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import tokens
from accounts.api.language import language_of
from accounts.api.problems import problem_response
from accounts.request_keys import well_formed
from booking.api import representation
from booking.api.errors import problem_of
from booking.api.full_answers import FullAnswers
from booking.operations.ask_gate import Guard
from booking.operations.book import book, digest_of
from booking.operations.hold import read_hold
from booking.operations.refusals import HoldExpired, Refusal, SlotFull
from booking.operations.releases.brought import MOST_PLACE, NOTHING, Brought
from booking.queries.nearest import nearest
from booking.queries.pace import booking_pace

_MOST_BYTES = 4096
_BIGGEST_ID = 2**63 - 1


class _Invalid(Exception):
    """The request cannot be understood; the response says which field and what to do."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def book_appointment(request: HttpRequest) -> HttpResponse:
    """201 with the appointment, or a problem document."""
    now = timezone.now()
    language = language_of(request.META.get("HTTP_ACCEPT_LANGUAGE"))
    try:
        claims = _signed_in(request, now, language)
        key = _request_key(request, language)
        wanted = _wanted(request, language)
        slot_id = wanted.slot_id
        facts = _book(claims, wanted, key, now=now)
    except _Invalid as invalid:
        return invalid.response
    except (SlotFull, HoldExpired) as refusal:
        return _full(refusal, slot_id, language, now)
    except Refusal as refusal:
        return _refused(refusal, language)
    body = _as_json(representation.appointment(facts, language))
    return HttpResponse(body, status=201, content_type="application/json", headers=_PRIVATE)


_PRIVATE = {"Cache-Control": "no-store"}
# Made once: json.dumps makes an encoder for every call that asks for plain Chinese.
_as_json = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class _Wanted:
    slot_id: int
    patient_id: UUID
    hold: str | None
    brought: Brought


def _book(claims: tokens.Claims, wanted: _Wanted, key: str, *, now: datetime) -> Any:
    claim = None
    if wanted.hold is not None:
        held = read_hold(wanted.hold, account_id=claims.user_id)
        if (held.slot_id, held.patient_id) != (wanted.slot_id, wanted.patient_id):
            raise HoldExpired()
        claim = held.claim
    return book(
        account_id=claims.user_id,
        patient_id=wanted.patient_id,
        slot_id=wanted.slot_id,
        request_key=key,
        now=now,
        hold_claim=claim,
        digest=digest_of(wanted.slot_id, wanted.patient_id, wanted.hold),
        guard=Guard(tokens.revocation_keys(claims), lambda found: tokens.is_revoked_by(found, claims)),
        brought=wanted.brought,
    )


# --- What came in -----------------------------------------------------------------------------------------------------


def _problem(language: str, status: int, code: str, words: Promise, **more: Any) -> _Invalid:
    with translation.override("en" if language == "en" else "zh-hans"):
        return _Invalid(problem_response(status, code, str(words), **more))


def _signed_in(request: HttpRequest, now: datetime, language: str) -> tokens.Claims:
    scheme, _space, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    try:
        if scheme.lower() != "bearer":
            raise tokens.TokenRefused
        claims = tokens.read(token.strip(), now)
    except tokens.TokenRefused:
        raise _problem(
            language, 401, "not_signed_in", _("请先登录。"), headers={"WWW-Authenticate": "Bearer"}
        ) from None
    wait = booking_pace.wait(claims.user_id)
    if wait:
        raise _problem(
            language, 429, "too_many_requests", _("点得太快了，请稍等再试。"), headers={"Retry-After": str(wait)}
        )
    return claims


def _request_key(request: HttpRequest, language: str) -> str:
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if not key:
        words = _("缺少请求编号。请在 Idempotency-Key 里给出 8 到 64 个字符。")
        raise _problem(language, 400, "request_key_missing", words)
    if not well_formed(key):
        words = _("请求编号应为 8 到 64 个可见的 ASCII 字符。")
        raise _problem(language, 400, "request_key_malformed", words)
    return key


def _body(request: HttpRequest, language: str) -> dict[str, Any]:
    if request.content_type not in ("application/json", ""):
        raise _problem(language, 415, "unsupported_media_type", _("请用 application/json 发送。"))
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > _MOST_BYTES:
            raise RequestDataTooBig
        wanted = json.loads(request.body)
    except RequestDataTooBig:
        raise _problem(language, 413, "too_large", _("发送的内容太大。")) from None
    except (ValueError, RecursionError, UnreadablePostError, RawPostDataException):
        raise _problem(language, 400, "malformed", _("发送的内容不是有效的 JSON。")) from None
    if not isinstance(wanted, dict):
        raise _problem(language, 400, "malformed", _("发送的内容应为一个 JSON 对象。"))
    return wanted


def _wanted(request: HttpRequest, language: str) -> _Wanted:
    wanted = _body(request, language)
    errors: list[tuple[str, Promise]] = []
    slot_id: Any = wanted.get("slot")
    hold: Any = wanted.get("hold")
    if type(slot_id) is not int or not 0 < slot_id <= _BIGGEST_ID:
        errors.append(("slot", _("请给出时段的编号（整数）。")))
    patient_id = _uuid(wanted.get("patient"))
    if patient_id is None:
        errors.append(("patient", _("请给出接种人的编号（UUID）。")))
    if hold is not None and not _is_text(hold, least=1, most=300):
        errors.append(("hold", _("请给出保留编号，或不给。")))
    place: Any = wanted.get("queue_place")
    if place is not None and not _is_text(place, most=MOST_PLACE):
        errors.append(("queue_place", _("请给出排队得到的位置，或不给。")))
    if errors or patient_id is None:
        with translation.override("en" if language == "en" else "zh-hans"):
            listed = [{"field": field, "message": str(words)} for field, words in errors]
        raise _problem(language, 400, "invalid", _("有内容要改，请看 errors。"), errors=listed)
    brought = Brought({patient_id: place}) if place else NOTHING
    return _Wanted(slot_id, patient_id, hold, brought)


def _is_text(value: Any, *, most: int, least: int = 0) -> bool:
    return isinstance(value, str) and least <= len(value) <= most


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) and len(text) == 36 else None
    except ValueError:
        return None


# --- What goes out ----------------------------------------------------------------------------------------------------


def _refused(refusal: Refusal, language: str, **more: Any) -> HttpResponse:
    with translation.override("en" if language == "en" else "zh-hans"):
        status, code, detail, facts, headers = problem_of(refusal, language)
        return problem_response(status, code, detail, headers={**_PRIVATE, **headers}, **facts, **more)


_full_answers = FullAnswers()


def _full(refusal: Refusal, slot_id: int, language: str, now: datetime) -> HttpResponse:
    def bare() -> HttpResponse:
        return _refused(refusal, language, nearest=[])

    def whole() -> HttpResponse:
        try:
            near = [representation.near_slot(slot) for slot in nearest(slot_id, now=now)]
        except LedgerError:
            # It is full, whether or not we can say where there is room.
            return bare()
        return _refused(refusal, language, nearest=near)

    return _full_answers.get(f"{refusal.code}:{slot_id}:{language}", whole=whole, bare=bare)
