"""What a document number must look like, and what is read from it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.documents import BadDocument, check_character, read

TODAY = date(2026, 11, 24)
# The specimen of GB 11643-1999.
SPECIMEN = "11010519491231002X"


def test_the_standards_specimen_is_read():
    document = read("resident_id", SPECIMEN, today=TODAY)

    assert (document.birth_date, document.sex) == (date(1949, 12, 31), "F")


@given(st.integers(0, 17), st.sampled_from("0123456789"))
def test_every_single_changed_digit_is_refused(position, digit):
    if SPECIMEN[position] == digit:
        return
    changed = SPECIMEN[:position] + digit + SPECIMEN[position + 1 :]

    with pytest.raises(BadDocument):
        read("resident_id", changed, today=TODAY)


@pytest.mark.parametrize(
    "typed", ["１１０１０５１９４９１２３１００２Ｘ", "110105 19491231 002x", " 11010519491231002x\t"]
)
def test_what_people_type_is_tidied(typed):
    assert read("resident_id", typed, today=TODAY).number == SPECIMEN


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("", "请填写"),
        ("1101051949123100", "16 位"),
        ("1101051949123100A1", "只能有数字"),
        ("110105194902300020", "不存在"),
        ("110105209912310020", "不对"),
        (SPECIMEN[:-1] + "1", "逐位核对"),
    ],
)
def test_each_mistake_is_named_without_repeating_the_number(number, words):
    with pytest.raises(BadDocument) as refused:
        read("resident_id", number, today=TODAY)

    assert words in str(refused.value.message)
    assert not number or number not in str(refused.value.message) + str(refused.value)


def test_born_today_is_fine_and_tomorrow_is_not():
    today, tomorrow = "43010220261124001", "43010220261125001"

    assert read("resident_id", today + check_character(today), today=TODAY).birth_date == TODAY
    with pytest.raises(BadDocument):
        read("resident_id", tomorrow + check_character(tomorrow), today=TODAY)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("passport", "E12345678", "E1"),
        ("hk_macao_permit", "h12345678", "12345678"),
        ("taiwan_permit", "12345678", "1234567"),
        ("foreign_residence", "ABC110000123456", "AB1100001234567"),
        ("birth_certificate", "T430000123", "4300001234"),
    ],
)
def test_the_other_documents(kind, good, bad):
    assert read(kind, good, today=TODAY).number == good.upper()
    with pytest.raises(BadDocument):
        read(kind, bad, today=TODAY)


def test_the_new_foreign_residence_card_has_the_same_check_character():
    first = "93110119900101001"

    assert read("foreign_residence", first + check_character(first), today=TODAY).birth_date == date(1990, 1, 1)
    with pytest.raises(BadDocument):
        read("foreign_residence", first + ("1" if check_character(first) != "1" else "2"), today=TODAY)
