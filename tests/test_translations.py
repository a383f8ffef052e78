"""English is complete: every string of source and templates has its translation, compiled."""

import pytest
from babel.messages.catalog import Catalog
from django.test import Client
from django.utils import translation

from booking.operations.refusals import SlotFull
from deploy import messages


def test_english_is_complete_and_compiled() -> None:
    assert messages.problems() == []


def test_a_string_without_translation_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = messages.gathered()
    wanted.add("没有翻译的句子", locations=[("x.py", 1)])
    monkeypatch.setattr(messages, "gathered", lambda: wanted)
    assert "not in the catalogue: 没有翻译的句子" in messages.problems()


def test_an_empty_or_uncertain_translation_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    have: Catalog = messages.known()
    have["接种点"].string = ""
    have["疫苗"].flags.add("fuzzy")
    monkeypatch.setattr(messages, "known", lambda: have)
    found = messages.problems()
    assert "not translated: 接种点" in found
    assert "not translated: 疫苗" in found


def test_templates_and_code_are_both_gathered() -> None:
    wanted = messages.gathered()
    assert "不聚集、不排队、不等候" in wanted
    assert "这个时间已经约满了。请选别的时间或别的接种点。" in wanted


@pytest.mark.django_db
def test_the_api_answers_in_the_language_asked_for(client: Client) -> None:
    english = client.get("/api/v1/sites/nowhere/slots", headers={"Accept-Language": "en-GB,en"}).json()
    chinese = client.get("/api/v1/sites/nowhere/slots").json()
    assert english["detail"] == "There is no such site. Choose one from sites."
    assert chinese["detail"] == "没有这个接种点。请从 sites 里选。"
    from booking.api.errors import WORDS

    with translation.override("en"):
        assert str(WORDS[SlotFull]).startswith("This time is fully booked.")
