"""Numbers exist only encrypted at rest, and nowhere else in the row."""

import base64
import secrets

import pytest
from django.core import serializers
from django.db import connection

from accounts.encryption import CannotDecrypt, blind_index, decrypt, encrypt
from accounts.models import Patient
from tests.factories import make_citizen, make_patient


def test_what_was_encrypted_is_read_again_and_differs_each_time():
    first, second = encrypt("E1234", associated="a"), encrypt("E1234", associated="a")

    assert first != second
    assert decrypt(first, associated="a") == decrypt(second, associated="a") == "E1234"


def test_a_value_cannot_be_moved_to_another_column_or_changed():
    sealed = encrypt("E1234", associated="a")

    with pytest.raises(CannotDecrypt):
        decrypt(sealed, associated="b")
    with pytest.raises(CannotDecrypt) as refused:
        decrypt(sealed[:-1] + bytes([sealed[-1] ^ 1]), associated="a")
    assert "E1234" not in str(refused.value)


def test_a_new_key_in_front_encrypts_and_the_old_one_still_decrypts(settings):
    old = encrypt("E1234", associated="a")
    settings.FIELD_KEYS = {"k2": secrets.token_bytes(32), **settings.FIELD_KEYS}

    assert decrypt(old, associated="a") == "E1234"
    assert encrypt("E1234", associated="a")[1:3] == b"k2"
    settings.FIELD_KEYS = {"k2": secrets.token_bytes(32)}
    with pytest.raises(CannotDecrypt):
        decrypt(old, associated="a")


def test_the_blind_index_is_keyed_and_kinds_do_not_mix(settings):
    index = blind_index("phone", "+8613812346621")

    assert index == blind_index("phone", "+8613812346621") != blind_index("person", "+8613812346621")
    settings.BLIND_INDEX_KEY = base64.b64decode("B" * 43 + "=")
    assert blind_index("phone", "+8613812346621") != index


@pytest.mark.django_db
def test_no_column_of_the_row_shows_the_number():
    patient = make_patient(make_citizen(), document_number="SECRETNUMBER77", phone="+8613812346621")

    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(p)::text FROM accounts_patient p")
        row = cursor.fetchone()[0]
        cursor.execute("SELECT row_to_json(u)::text FROM accounts_user u")
        user = cursor.fetchone()[0]

    assert Patient.objects.get().document_number == "SECRETNUMBER77"
    for secret in ("SECRETNUMBER77", "13812346621"):
        assert secret not in row
        assert secret.encode().hex() not in row
    assert str(patient.user.phone)[3:] not in user
    assert "SECRETNUMBER77" not in serializers.serialize("json", [patient])
