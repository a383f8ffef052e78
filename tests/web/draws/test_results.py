"""The result for everybody: the own line by its code, the file, the script; and codes that stand nowhere else."""

import hashlib
import json
import logging
import zlib

import pytest

from booking.queries.draws import published
from booking.rules.draw import entry_name
from booking.rules.draw_file import check
from tests.draw_factories import AFTER, make_entry
from tests.factories import make_patient
from tests.web.journey.conftest import Visitor, text_of

pytestmark = pytest.mark.django_db(transaction=True)


def _as_a_browser(content: bytes) -> bytes:
    """Browsers read the first gzip file of several, and drop the rest without a word."""
    reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
    return reader.decompress(content)


@pytest.fixture
def entries(draw):
    return [make_entry(draw.row, make_patient(), sites=["THERE"]) for _ in range(3)]


@pytest.fixture
def result(draw) -> str:
    return f"{draw.address}result/"


@pytest.fixture
def drawn(draw, entries, clock):
    draw.run()
    clock.move_to(AFTER)
    draw.row.refresh_from_db()
    return draw


def test_before_the_end_there_is_nothing_to_look_at_yet(draw, entries, result):
    assert "还没有摇" in text_of(Visitor().get(result))
    assert Visitor().get(f"{draw.address}result.jsonl").status_code == 404
    assert "没有这个登记号" not in text_of(Visitor().post(result, code=entries[0].code))


def test_the_sealed_list_is_there_before_anybody_knows_the_public_value(draw, entries, result):
    draw.close()

    page = text_of(Visitor().get(result))
    assert "登记名单已经封存并公布" in page
    draw.row.refresh_from_db()
    assert draw.row.entries_digest in page
    assert "在名单里，等待摇号。" in text_of(Visitor().post(result, code=entries[0].code))


def test_everybody_finds_their_own_line_however_they_type_the_code(drawn, entries, result):
    stranger = Visitor()
    said = [text_of(stranger.post(result, code=" ".join(one.code.lower()))) for one in entries]

    assert sum("，中签" in one for one in said) == 1
    assert sum("，未中签" in one for one in said) == 2
    winner = next(one for one in said if "，中签" in one)
    assert "河西卫生服务中心" in winner
    for entry, page in zip(entries, said, strict=True):
        assert entry_name(str(drawn.row.pk), entry.code) in page


@pytest.mark.parametrize("code", ["0000 0000 0000 0000", "x", "<script>", "'; --", "％００"])
def test_a_code_that_is_none_is_told_so_and_kept_in_the_field(drawn, result, code):
    page = Visitor().post(result, code=code)

    assert "没有这个登记号" in text_of(page)
    assert page.context["form"]["code"].value() == code


@pytest.mark.parametrize("code", ["", " ", "A" * 41])
def test_no_code_and_a_long_one_are_told_beside_the_field(drawn, result, code):
    page = Visitor().post(result, code=code)

    assert page.context["form"].errors["code"]


def test_the_file_is_what_is_published_to_the_byte_and_checks(drawn, result):
    for encoding, unpack in (("gzip", _as_a_browser), ("identity", bytes)):
        answer = Visitor().client.get(f"{drawn.address}result.jsonl", headers={"Accept-Encoding": encoding})
        content = unpack(answer.content)
        assert content == published(drawn.row.pk).content
        assert hashlib.sha256(content).hexdigest() == drawn.row.digest
        assert "attachment" in answer["Content-Disposition"]
    assert len(check(content).drawn) == 3
    assert drawn.row.digest in text_of(Visitor().get(result))


def test_the_script_comes_as_a_file_of_its_own(drawn):
    answer = Visitor().client.get(f"{drawn.address}verify_draw.py")

    assert answer["Content-Disposition"] == 'attachment; filename="verify_draw.py"'
    compile(answer.content, "verify_draw.py", "exec")


def test_the_published_file_names_nobody(drawn, entries):
    content = published(drawn.row.pk).content.decode()

    for entry in entries:
        for secret in (entry.code, str(entry.entry_id), str(entry.patient_id), entry.patient_name):
            assert secret not in content
    assert {json.loads(line)["kind"] for line in content.splitlines()} == {
        "draw", "places", "entry", "closed", "drawn", "result", "end",
    }  # fmt: skip


def test_neither_code_nor_person_stands_in_an_address_or_a_log(draw, patient, visitor, caplog, clock):
    caplog.set_level(logging.DEBUG)
    check_page = draw.wish(patient, "?sites=HERE&any=0", "check/")
    made = visitor.post(check_page)
    page = visitor.client.get(made.url)
    entry = page.context["entry"]
    draw.run()
    clock.move_to(AFTER)
    found = visitor.post(f"{draw.address}result/", code=entry.code)
    wrong = visitor.post(f"{draw.address}result/", code=entry.code[::-1])
    listed = visitor.get("/draws/")

    secrets = (entry.code, entry.code.lower(), str(patient.person), patient.person.hex, str(patient.document_number))
    addresses = " ".join(
        part
        for answer in (page, found, wrong, listed, visitor.get(draw.address))
        for part in answer.content.decode().split('"')
        if part.startswith(("/", "http", "?"))
    )
    for secret in secrets:
        assert secret not in addresses + made.url + check_page
        assert secret not in caplog.text
    assert found["Cache-Control"] == "no-store"
