"""Read and check the environment once, at start. Nothing else touches os.environ."""

import base64
import binascii
import ipaddress
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


class BadEnvironment(SystemExit):
    """The environment lacks something or holds something unusable; the message says which variable and why."""


def required(name: str) -> str:
    """Return the variable's value. Raises BadEnvironment, naming it, if it is missing or empty."""
    value = os.environ.get(name, "")
    if not value:
        raise BadEnvironment(f"{name} is not set. See .env.example, or use `make run`, which sets everything.")
    return value


def optional(name: str, default: str) -> str:
    """Return the variable's value, or the default."""
    return os.environ.get(name) or default


def with_values(values: Mapping[str, str]) -> dict[str, str]:
    """The environment for a child process: these values, where the variable is not set already."""
    return {**os.environ, **{name: os.environ.get(name) or value for name, value in values.items()}}


def service_manager() -> str:
    """Where systemd waits to be told that this service is ready, empty if it does not; asked once, then forgotten.

    Forgotten because gunicorn would tell it by itself, before any of its workers can answer.
    """
    return os.environ.pop("NOTIFY_SOCKET", "")


def flag(name: str, default: bool = False) -> bool:
    """Return True for 1, true, yes, on; the default if unset. Raises BadEnvironment for anything unclear."""
    value = os.environ.get(name, "").lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise BadEnvironment(f"{name} must be yes or no, not {value!r}.")


def number(name: str, default: int, *, least: int = 0) -> int:
    """Return the variable as a whole number of at least `least`, or the default. Raises BadEnvironment otherwise."""
    value = os.environ.get(name, "")
    if not value:
        return default
    if not value.isdigit():
        raise BadEnvironment(f"{name} must be a whole number, not {value!r}.")
    if int(value) < least:
        raise BadEnvironment(f"{name} must be at least {least}, not {value}.")
    return int(value)


def one_of(name: str, choices: Iterable[str], default: str) -> str:
    """Return the variable if it is one of the choices, or the default if unset. Raises BadEnvironment otherwise."""
    value = os.environ.get(name) or default
    if value not in (allowed := sorted(choices)):
        raise BadEnvironment(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def pairs(name: str) -> dict[str, str]:
    """Read `name=value,name=value`; empty if unset. Raises BadEnvironment for anything else."""
    found: dict[str, str] = {}
    for entry in filter(None, os.environ.get(name, "").split(",")):
        key, equals, value = entry.partition("=")
        if not (key.strip() and equals and value.strip()):
            raise BadEnvironment(f"{name} must be name=value,name=value.")
        found[key.strip()] = value.strip()
    return found


def folder(name: str) -> Path | None:
    """The folder that the variable names, made if need be; None if unset. Raises BadEnvironment if it is not ours."""
    if not os.environ.get(name):
        return None
    path = Path(os.environ[name])
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_ours = path.stat().st_uid == os.geteuid()
    except OSError as error:
        raise BadEnvironment(f"{name} cannot be used: {error}.") from None
    if not is_ours:
        raise BadEnvironment(f"{name} names {path}, which belongs to somebody else.")
    return path


def networks(name: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Read addresses and networks (CIDR), with commas; empty if unset. Raises BadEnvironment for anything else."""
    try:
        return tuple(
            ipaddress.ip_network(entry.strip()) for entry in os.environ.get(name, "").split(",") if entry.strip()
        )
    except ValueError as error:
        raise BadEnvironment(f"{name} must be addresses or networks as 10.1.0.0/16,2001:db8::/32: {error}.") from None


def servers(name: str) -> str:
    """Return the address of a Redis server, a Sentinel group or a Cluster. Raises BadEnvironment if it is none."""
    url = required(name)
    scheme, _, rest = url.partition("://")
    transport, plus, kind = scheme.partition("+")
    if transport not in {"redis", "rediss", "unix"} or kind not in ({"sentinel", "cluster"} if plus else {""}):
        raise BadEnvironment(f"{name} must start with redis://, redis+sentinel:// or redis+cluster://.")
    if kind == "sentinel" and not re.split("[?#]", rest.partition("/")[2], maxsplit=1)[0].strip("/"):
        raise BadEnvironment(f"{name} must end with the name of the group: redis+sentinel://host:26379/group/0.")
    return url


# What an address may say behind its question mark, besides host and port.
_DATABASE_OPTIONS = {"target_session_attrs", "sslmode", "sslrootcert", "sslcert", "sslkey", "channel_binding"}


def database(name: str) -> dict[str, Any]:
    """Turn postgresql://user:password@host:port,host:port/name?host=/socket into Django's DATABASES entry.

    Of several hosts the first that answers serves; with ?target_session_attrs=read-write the first that may be written.
    """
    scheme, _, rest = required(name).partition("://")
    if scheme not in {"postgresql", "postgres"}:
        raise BadEnvironment(f"{name} must start with postgresql://")
    # Python takes no list of hosts with an IPv6 address in it, so it is cut off first.
    where = re.split("[/?#]", rest, maxsplit=1)[0]
    url = urlsplit(f"//hosts{rest[len(where) :]}")
    query = {key: unquote(value) for key, _, value in (pair.partition("=") for pair in url.query.split("&"))}
    account, _, hosts = where.rpartition("@")
    user, _, password = account.partition(":")
    places = [_host_and_port(host, name) for host in hosts.split(",")]
    given = [port or query.get("port", "") for _, port in places]
    options = {key: query[key] for key in sorted(_DATABASE_OPTIONS & query.keys())}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(user),
        "PASSWORD": unquote(password),
        "HOST": query.get("host") or ",".join(host for host, _ in places),
        # One for all, or as many as there are hosts.
        "PORT": given[0] if len(set(given)) == 1 else ",".join(given),
        **({"OPTIONS": options} if options else {}),
    }


def _host_and_port(place: str, name: str) -> tuple[str, str]:
    found = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]]*)(?::([0-9]*))?", place)
    if found is None:
        raise BadEnvironment(f"{name} holds a host that cannot be read.")
    return unquote(found[1].strip("[]")), found[2] or ""


def key_ring(name: str) -> dict[str, bytes]:
    """Read `id:base64,id:base64`, newest first; each key is 32 bytes. Raises BadEnvironment if it is not that."""
    ring: dict[str, bytes] = {}
    for entry in required(name).split(","):
        key_id, _, encoded = entry.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        if not key_id or len(key) != 32:
            raise BadEnvironment(f"{name} must be `id:key,id:key`, each key 32 bytes in base64.")
        ring[key_id] = key
    return ring
