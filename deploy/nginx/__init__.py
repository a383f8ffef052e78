"""The configuration of nginx in front of the web machines: one template, filled in for a city or for a test."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).resolve().parent
_Value = str | Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Front:
    """What differs between installations. Paths are absolute; `http` and `https` are what nginx listens on.

    Without a certificate the city is served on `http`, behind something that speaks TLS or on one machine for a test.
    """

    names: Sequence[str]
    upstreams: Sequence[str]
    static: Path = Path("/srv/booking/static")
    run: Path = Path("/run")
    cache: Path = Path("/var/cache/nginx")
    answers: Path = _HERE / "answers"
    http: Sequence[str] = ("80", "[::]:80")
    https: Sequence[str] = ("443", "[::]:443")
    certificate: Path | None = None
    certificate_key: Path | None = None
    # Under which port people reach the city, if that is not the usual one.
    public_port: int | None = None
    # Addresses of load balancers, whose X-Forwarded-For and -Proto are believed, and from where /admin/ may be reached.
    balancers: Sequence[str] = ()
    admin: Sequence[str] = ()
    # Under which account nginx's workers run; empty: the one that starts it, or nginx's own default.
    user: str = ""
    error_log: str = "stderr"
    access_log: str = "off"
    # Requests a second of one household, and how many at once beyond that; the same for tries of codes and passwords.
    requests: int = 100
    burst: int = 1000
    tries: int = 5
    tries_burst: int = 100
    connections: int = 1000
    # Requests in work at one web machine.
    in_work: int = 512

    def render(self) -> str:
        """The whole configuration. Raises ValueError for a value that would break out of its place."""
        port = f":{self.public_port}" if self.public_port else ""
        certificate = str(self.certificate) if self.certificate else ""
        return fill_in(
            (_HERE / "nginx.conf").read_text(),
            {
                "names": " ".join(self.names), "first_name": self.names[0], "upstream": self.upstreams,
                "static": str(self.static).rstrip("/"), "run": str(self.run), "cache": str(self.cache),
                "answers": str(self.answers), "http": self.http, "https": self.https, "certificate": certificate,
                "certificate_key": str(self.certificate_key or ""), "host": f"$host{port}", "https_port": port,
                "balancer": self.balancers, "admin": self.admin, "only_admin": "yes" if self.admin else "",
                "user": self.user, "error_log": self.error_log,
                "access_log": self.access_log if self.access_log == "off" else f"{self.access_log} requests",
                "requests": str(self.requests), "burst": str(self.burst), "tries": str(self.tries),
                "tries_burst": str(self.tries_burst), "connections": str(self.connections),
                "in_work": str(self.in_work),
            },
        )  # fmt: skip


def fill_in(template: str, values: Mapping[str, _Value]) -> str:
    """Put the values in: `{{name}}` once, `{{#name}} lines {{/name}}` for each or if there is any, `{{^name}}` if none.

    Raises KeyError for a name without a value and ValueError for a value that nginx would read as more than one.
    """
    for value in values.values():
        for one in [value] if isinstance(value, str) else value:
            if re.search(r'[;{}"\\\n]', one):
                raise ValueError(f"{one!r} cannot stand in nginx's configuration.")

    def block(found: re.Match[str]) -> str:
        kind, name, inside = found["kind"], found["name"], found["inside"]
        value = values[name]
        if kind == "^":
            return "" if value else fill_in(inside, values)
        each = [value] if isinstance(value, str) else value
        return "".join(fill_in(inside, {**values, name: one}) for one in each if one)

    blocks = r"^\{\{(?P<kind>[#^])(?P<name>\w+)\}\}\n(?P<inside>.*?)^\{\{/(?P=name)\}\}\n"
    opened = re.sub(blocks, block, template, flags=re.MULTILINE | re.DOTALL)

    def single(found: re.Match[str]) -> str:
        value = values[found[1]]
        if not isinstance(value, str):
            raise ValueError(f"{found[1]} is a list and stands where one value belongs.")
        return value

    return re.sub(r"\{\{(\w+)\}\}", single, opened)
