"""A new SECRET_KEY signs nobody out and loses no job while the old one is among the fallbacks."""

import uuid

import pytest
from django.core.management import call_command
from django.test import Client
from django_q.models import OrmQ
from django_q.signing import BadSignature, SignedPackage

from accounts import signed_ids, tokens
from booking import enqueue
from booking.queries.qr_codes import qr_payload, reference_in
from tests.factories import CLOCK, make_citizen, make_token

pytestmark = pytest.mark.django_db
FRESH = "another secret, long enough and drawn by lot"


@pytest.fixture
def secret_changes(settings):
    """The moment at which the secret changes; `believed` says whether the old one goes on among the fallbacks."""

    def change(*, believed: bool):
        # As in a process that has just started.
        tokens._said_by.cache_clear()
        old = settings.SECRET_KEY
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = FRESH, [old] if believed else []

    yield change
    tokens._said_by.cache_clear()


def is_signed_in(client) -> bool:
    return client.get("/me/settings/").status_code == 200


@pytest.mark.parametrize("believed", [True, False])
def test_sessions_tokens_links_and_codes_are_believed_as_long_as_the_old_secret_is(secret_changes, believed):
    citizen, row, client = make_citizen(), uuid.uuid4(), Client()
    client.force_login(citizen, backend="accounts.backends.ProofBackend")
    token, link, code = make_token(citizen, CLOCK), signed_ids.signed("offer", row), qr_payload("123456789012")
    assert is_signed_in(client)

    secret_changes(believed=believed)

    assert is_signed_in(client) is believed
    assert (signed_ids.read("offer", link) == row) is believed
    assert (reference_in(code) == "123456789012") is believed
    if believed:
        assert tokens.read(token, CLOCK).user_id == citizen.pk
    else:
        with pytest.raises(tokens.TokenRefused):
            tokens.read(token, CLOCK)


def test_what_is_signed_from_then_on_does_not_need_the_old_secret(settings, secret_changes):
    citizen, row, client = make_citizen(), uuid.uuid4(), Client()
    client.force_login(citizen, backend="accounts.backends.ProofBackend")
    secret_changes(believed=True)

    token, link, code = make_token(citizen, CLOCK), signed_ids.signed("offer", row), qr_payload("123456789012")
    # A session is signed anew when it is used.
    assert is_signed_in(client)
    settings.SECRET_KEY_FALLBACKS = []

    assert is_signed_in(client)
    assert tokens.read(token, CLOCK).user_id == citizen.pk
    assert signed_ids.read("offer", link) == row
    assert reference_in(code) == "123456789012"


def test_a_changed_digit_of_a_code_is_refused_by_every_secret(secret_changes):
    code = qr_payload("123456789012")
    secret_changes(believed=True)

    for place, digit in enumerate(code):
        other = code[:place] + str((int(digit) + 1) % 10) + code[place + 1 :]
        assert reference_in(other) is None


def test_waiting_jobs_are_signed_anew_and_nothing_that_nobody_of_ours_has_signed(settings, secret_changes, monkeypatch):
    from django_q.conf import Conf

    enqueue.carry_on_draw(uuid.uuid4(), now=CLOCK)
    OrmQ.objects.create(key=enqueue.queue_name(), payload="forged:1:signature", lock=CLOCK)
    secret_changes(believed=True)
    # The queue reads the secret once, when its process starts.
    monkeypatch.setattr(Conf, "SECRET_KEY", FRESH)
    real, forged = OrmQ.objects.order_by("pk")
    with pytest.raises(BadSignature):
        SignedPackage.loads(real.payload)

    call_command("rotate_keys", "--jobs")

    settings.SECRET_KEY_FALLBACKS = []
    real.refresh_from_db()
    assert SignedPackage.loads(real.payload)["func"] == enqueue.CARRY_ON_DRAW
    forged.refresh_from_db()
    assert forged.payload == "forged:1:signature"
