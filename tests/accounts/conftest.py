"""The outside world of signing in: a gateway for text messages."""

from collections.abc import Iterator

import pytest

from tests.accounts.gateway import Gateway, running_gateway


@pytest.fixture
def gateway(settings) -> Iterator[Gateway]:
    """A gateway that the channel `http` posts to, in an installation that is no demonstration."""
    with running_gateway() as running:
        settings.DEMONSTRATION = False
        settings.SMS_CHANNEL = "http"
        settings.SMS = {
            "url": running.url,
            "token": "gateway-token",
            "key_id": "key-id",
            "secret": "secret",
            "sign": "长沙疫苗",
            "app_id": "1400006666",
            "region": "",
            "templates": {"code": "SMS_1", "code.en": "SMS_2"},
        }
        yield running
