"""Answers are read whole, however they come."""

import pytest

from booking.rehearsal.wire import header, member, name_of, received

_WHOLE = b'HTTP/1.1 409 Conflict\r\nRetry-After: 7\r\nContent-Length: 21\r\n\r\n{"code": "slot_full"} '


def test_an_answer_is_read_as_soon_as_it_is_whole_and_not_before() -> None:
    whole = _WHOLE[:-1]

    assert [received(whole[:length]) for length in range(len(whole))] == [None] * len(whole)
    found = received(whole)
    assert found is not None
    assert (found.status, found.body, found.rest) == (409, b'{"code": "slot_full"}', b"")


def test_what_follows_an_answer_is_the_beginning_of_the_next_one() -> None:
    found = received(_WHOLE)

    assert found is not None
    assert found.rest == b" "


def test_not_modified_has_no_body_whatever_its_length_says() -> None:
    found = received(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n")

    assert found is not None
    assert found.body == b""


def test_an_answer_in_chunks_is_put_together() -> None:
    data = b"HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n6;x=1\r\n and 6\r\n0\r\n\r\n"

    assert [received(data[:length]) for length in range(len(data))] == [None] * len(data)
    found = received(data)
    assert found is not None
    assert (found.status, found.body, found.rest) == (503, b"four and 6", b"")


def test_what_is_no_http_is_refused() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        received(b"0\r\n\r\n")


def test_headers_and_members_are_found_without_reading_everything() -> None:
    found = received(_WHOLE)

    assert found is not None
    assert header(found.head, b"retry-after") == b"7"
    assert header(found.head, b"etag") == b""
    assert member(found.body, b"code") == "slot_full"
    assert member(b'{"code":"busy"}', b"code") == "busy"
    assert name_of(found.status, found.body) == "409 slot_full"
    assert name_of(500, b"<html>") == "500"
