"""Every kind of message has its words in both languages, and names only what it has facts for."""

import pytest

from booking.models import MessageKind
from booking.notifications import KINDS
from booking.notifications.kinds import filled, named_in
from booking.notifications.texts import system_text

LANGUAGES = ("zh-hans", "en")
ALL = [(kind, language) for kind in KINDS for language in LANGUAGES]


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_the_systems_text_is_plain_and_names_only_what_it_has(kind, language):
    text, names = system_text(kind, language), {one.name for one in KINDS[kind].placeholders}

    assert "{{" not in text
    assert "{%" not in text
    assert named_in(text) <= names
    assert set(KINDS[kind].needed) <= named_in(text)


@pytest.mark.parametrize(("kind", "language"), ALL)
def test_the_longest_sample_leaves_no_placeholder_open(kind, language):
    sample = {one.name: one.sample[language] for one in KINDS[kind].placeholders}

    told = filled(system_text(kind, language), sample, language)

    assert "{" not in told
    assert told.startswith("Changsha Vaccines: " if language == "en" else "【长沙疫苗】")


def test_what_stands_in_a_fact_is_never_filled_in_again():
    assert filled("{name} {site}", {"name": "{site}", "site": "here"}, "en") == "{site} here"


def test_the_register_knows_kinds_that_there_are():
    assert set(KINDS) <= set(MessageKind)
