"""The one table of what attackers are met with names tests that exist, under every heading and for every sentence."""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
HEADINGS = [
    "Codes", "Sessions and tokens", "Owners and roles", "Look-up without sign-in", "QR", "Bots", "Input", "Browser",
    "Administrators", "Data", "Supply",
]  # fmt: skip


def table() -> dict[str, dict[str, list[str]]]:
    """By heading and sentence, the tests."""
    found: dict[str, dict[str, list[str]]] = {}
    heading = sentence = ""
    for line in Path(__file__).with_name("checklist.txt").read_text().splitlines()[1:]:
        depth, text = len(line) - len(line.lstrip()), line.strip()
        if not text:
            continue
        if depth == 0:
            heading = text
            found[heading] = {}
        elif depth == 4:
            sentence = text
            found[heading][sentence] = []
        else:
            found[heading][sentence].append(text)
    return found


def test_every_heading_has_sentences_and_every_sentence_a_test():
    found = table()

    assert list(found) == HEADINGS
    assert [sentence for rows in found.values() for sentence, tests in rows.items() if not tests] == []


def test_each_test_that_it_names_is_there():
    missing = []
    for rows in table().values():
        for tests in rows.values():
            for test in tests:
                file, _, name = test.partition("::")
                path = TESTS / file
                if not (path.exists() and re.search(rf"^def {re.escape(name)}\(", path.read_text(), re.MULTILINE)):
                    missing.append(test)

    assert missing == []
