"""HTTP/1.1 as bytes: what is sent in a surge, and how answers are read. No dependency, and nothing is copied twice."""

from dataclasses import dataclass


def post(path: str, body: bytes = b"{}", *, host: str = "localhost", **headers: str) -> bytes:
    """A POST with a JSON body. An underscore in a header's name stands for a dash."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n{lines}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def get(path: str, *, host: str = "localhost", **headers: str) -> bytes:
    """A GET."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n".encode()


@dataclass(frozen=True, slots=True)
class Received:
    """One whole answer, and what has come of the next one."""

    status: int
    head: bytes
    body: bytes
    rest: bytes


def received(data: bytes) -> Received | None:
    """The first answer in `data`; None while it is not complete. Raises ValueError for what is no HTTP."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    head, start = data[:end], end + 4
    status = int(head[9:12])
    if status in (204, 304):
        return Received(status, head, b"", data[start:])
    length = header(head, b"content-length")
    if not length and header(head, b"transfer-encoding") == b"chunked":
        return _in_chunks(status, head, data, start)
    until = start + int(length or 0)
    return Received(status, head, data[start:until], data[until:]) if len(data) >= until else None


def _in_chunks(status: int, head: bytes, data: bytes, at: int) -> Received | None:
    body = b""
    while (line := data.find(b"\r\n", at)) >= 0:
        size = int(data[at:line].split(b";")[0], 16)
        at = line + 2 + size + 2
        if len(data) < at:
            return None
        if not size:
            return Received(status, head, body, data[at:])
        body += data[line + 2 : at - 2]
    return None


def header(head: bytes, name: bytes) -> bytes:
    """The value of a header, by its name in small letters; empty where it is missing."""
    at = head.lower().find(b"\r\n" + name + b":")
    if at < 0:
        return b""
    at += len(name) + 3
    end = head.find(b"\r\n", at)
    return head[at : end if end > 0 else len(head)].strip()


def closes(head: bytes) -> bool:
    """Whether the server closes the connection after this answer."""
    return b"onnection: close" in head


def member(body: bytes, name: bytes) -> str:
    """The first text member of that name in JSON, without reading the rest; empty where there is none."""
    at = body.find(b'"' + name + b'":')
    if at < 0:
        return ""
    start = body.find(b'"', at + len(name) + 3)
    return body[start + 1 : body.find(b'"', start + 1)].decode()


def name_of(status: int, body: bytes) -> str:
    """What an answer counts as: its status, and for a refusal its code."""
    return f"{status} {member(body, b'code')}".rstrip() if status >= 400 else str(status)
