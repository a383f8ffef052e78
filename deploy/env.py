"""Read and check the environment once, at start. Nothing else touches os.environ."""

import base64
import binascii
import os
from collections.abc import Iterable, Mapping
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


def number(name: str, default: int) -> int:
    """Return the variable as a whole number, or the default. Raises BadEnvironment for anything else."""
    value = os.environ.get(name, "")
    if not value:
        return default
    if not value.isdigit():
        raise BadEnvironment(f"{name} must be a whole number, not {value!r}.")
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


def database(name: str) -> dict[str, object]:
    """Turn postgresql://user:password@host:port/name?host=/socket into Django's DATABASES entry."""
    url = urlsplit(required(name))
    if url.scheme not in {"postgresql", "postgres"}:
        raise BadEnvironment(f"{name} must start with postgresql://")
    query = dict(pair.split("=", 1) for pair in url.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(query.get("host", url.hostname or "")),
        "PORT": str(url.port or query.get("port", "")),
    }


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
