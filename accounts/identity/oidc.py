"""An identity provider that speaks OpenID Connect: code flow with PKCE, state and nonce, set up by discovery."""

from functools import lru_cache
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from joserfc.errors import JoseError

from accounts.identity.vouched import NotVouched, Vouched, vouched_by

# Signatures that a provider makes with a key of its own; one made with our shared secret, or none, is refused.
ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "RS512", "ES384", "ES512")
_TIMEOUT = 5
_WRONG = (AuthlibBaseError, JoseError, requests.RequestException, ValueError, KeyError, TypeError, RuntimeError)


def is_on() -> bool:
    """Whether this installation has an identity provider."""
    return bool(settings.OIDC["discovery_url"] and settings.OIDC["client_id"])


def start(request: HttpRequest, *, return_to: str) -> HttpResponse:
    """Send the browser to the provider; state, nonce and verifier stay in the session. Raises NotVouched.

    `return_to` is the full address of our callback, which the provider must know.
    """
    try:
        response: HttpResponse = _provider().authorize_redirect(request, return_to)
    except _WRONG as error:
        raise NotVouched(type(error).__name__) from None
    return response


def finish(request: HttpRequest) -> Vouched:
    """Who came back from the provider. Raises NotVouched for a forged, foreign or used answer."""
    try:
        token: dict[str, Any] = _provider().authorize_access_token(request, leeway=30)
    except _WRONG as error:
        raise NotVouched(type(error).__name__) from None
    claims = token.get("userinfo")
    if not claims:
        raise NotVouched("no id_token")
    return vouched_by(claims)


def _provider() -> Any:
    oidc = settings.OIDC
    provider = _registered(oidc["discovery_url"], oidc["client_id"], oidc["client_secret"])
    metadata = provider.load_server_metadata()
    offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    metadata["id_token_signing_alg_values_supported"] = [name for name in ALGORITHMS if name in offered]
    return provider


@lru_cache(maxsize=4)
def _registered(discovery_url: str, client_id: str, client_secret: str) -> Any:
    # Kept, so that the provider's addresses and keys are not fetched for every citizen.
    return OAuth().register(
        "provider",
        client_id=client_id,
        client_secret=client_secret,
        server_metadata_url=discovery_url,
        client_kwargs={
            "scope": "openid phone",
            "code_challenge_method": "S256",
            "default_timeout": _TIMEOUT,
            "token_endpoint_auth_method": "client_secret_basic" if client_secret else "none",
        },
    )
