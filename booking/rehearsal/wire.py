"""HTTP/1.1 as bytes: what is sent in a surge, and how answers are read. No dependency, and nothing is copied twice."""


def post(path: str, body: bytes = b"{}", *, host: str = "localhost", **headers: str) -> bytes:
    """A POST with a JSON body. An underscore in a header's name stands for a dash."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n{lines}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def get(path: str, *, host: str = "localhost", **headers: str) -> bytes:
    """A GET."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n".encode()


def ends(data: bytes) -> tuple[int, int] | None:
    """Where the head of the first answer in `data` ends and where the answer does; None while it is not complete."""
    head = data.find(b"\r\n\r\n")
    if head < 0:
        return None
    end = head + 4 + _length(data[:head], data[9:12])
    return (head, end) if len(data) >= end else None


def _length(head: bytes, status: bytes) -> int:
    if status in (b"304", b"204"):
        return 0
    found = header(head, b"content-length")
    return int(found) if found else 0


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
