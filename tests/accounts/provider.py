"""A small identity provider: real HTTP on loopback, discovery, RS256 keys made here, PKCE checked as it should be."""

import base64
import contextlib
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "vaccines", "provider-secret"


@dataclass
class Provider:
    """Who signs in there, what its tokens say, and how they are signed."""

    url: str = ""
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "citizen-7"})
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "p1", "use": "sig"}))
    # The id_token from its claims; a test may forge it.
    sign: Callable[["Provider", dict[str, Any]], str] = field(
        default=lambda provider, claims: jwt.encode({"alg": "RS256", "kid": "p1"}, claims, provider.key)
    )
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def discovery_url(self) -> str:
        return f"{self.url}/.well-known/openid-configuration"

    def signs_in(self, address: str) -> dict[str, str]:
        """What a browser that was sent to `address` brings back: code and state."""
        wanted = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.asked.append(wanted)
        code = secrets.token_urlsafe(16)
        self.codes[code] = wanted
        return {"code": code, "state": wanted["state"]}

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "code_challenge_methods_supported": ["S256"],
        }

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The answer to a code; None if the code, the client or the verifier is not right."""
        wanted = self.codes.pop(form.get("code", ""), None)
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if wanted is None or authorization != f"Basic {expected}" or wanted["code_challenge"] != challenge:
            return None
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 60, "nonce": wanted["nonce"]}
        id_token = self.sign(self, {**claims, **self.claims})
        return {"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": id_token}


@contextlib.contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider for as long as the block runs."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers = {
                "/.well-known/openid-configuration": provider.metadata,
                "/jwks": lambda: {"keys": [provider.key.as_dict(private=False)]},
            }
            self._answer(200, answers[self.path]())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            token = provider.token(form, self.headers.get("Authorization", ""))
            self._answer(200 if token else 400, token or {"error": "invalid_grant"})

        def _answer(self, status: int, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
