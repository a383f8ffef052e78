"""What a look at a way of release says: how many people, which gaps, who has a place, and when one person may book."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import LookUp
from booking.models import Cohort
from booking.queries import release_preview
from booking.queries.release_preview import people_in
from booking.rules.release_modes import CohortRule
from tests.admin.releases.ways import address, filled, row, text_of
from tests.factories import make_appointment, make_patient, make_programme

ADULT = date(1990, 6, 1)


def _look(city, *rows, mode="cohort", client=None, **more) -> str:
    form = filled(mode, *rows, **{"step": "preview", **more})
    return text_of((client or city.city).post(address(city.programme), form))


def _patient(ends_with: str, born=ADULT, **more):
    return make_patient(birth_date=born, document_number=f"E1234567{ends_with}", **more)


def _rule(digits="", born_from=None, born_until=None) -> CohortRule:
    return CohortRule(frozenset(digits), born_from, born_until, timezone.now(), None)


def _days_from_now(days: int) -> str:
    return f"{timezone.localtime() + timedelta(days=days):%Y-%m-%dT%H:%M}"


@pytest.mark.django_db
def test_known_people_of_the_right_age_are_counted_once_each_by_digit_and_by_birthday():
    programme = make_programme(min_age=18, max_age=59)
    one, _two = _patient("1"), _patient("2")
    _patient("2", born=date(1970, 1, 1))
    _patient("1", person=one.person)
    # A child, and somebody who left.
    _patient("1", born=date(2020, 1, 1))
    _patient("1", removed_at=timezone.now())
    cohorts = [_rule("1"), _rule("2", born_from=date(1980, 1, 1)), _rule(born_until=date(1975, 1, 1)), _rule("7")]

    found = people_in(cohorts, programme, today=date(2026, 11, 24))

    assert (found.count, found.looked_at, found.is_estimate) == (3, 3, False)
    assert found.in_cohorts == (1, 1, 1, 0)
    assert found.in_none == 0


@pytest.mark.django_db
def test_whom_the_programme_is_not_for_is_not_counted():
    programme = make_programme(sex="F")
    _patient("1", sex="M")
    _patient("3", sex="F")

    found = people_in([_rule("1")], programme, today=date(2026, 11, 24))

    assert (found.count, found.in_cohorts, found.in_none) == (1, (0,), 1)


@pytest.mark.django_db
def test_of_many_people_digits_are_counted_from_a_sample_and_birthdays_from_all(monkeypatch):
    monkeypatch.setattr(release_preview, "SAMPLE", 10)
    programme = make_programme()
    for _ in range(20):
        _patient("1")
    for _ in range(5):
        _patient("1", born=date(1950, 1, 1))

    found = people_in([_rule("1"), _rule(born_until=date(1960, 1, 1))], programme, today=date(2026, 11, 24))

    assert (found.count, found.looked_at, found.is_estimate) == (25, 10, True)
    assert found.in_cohorts == (25, 5)


def test_the_look_says_how_many_places_lie_ahead_and_that_whoever_has_one_keeps_it(city):
    make_appointment(city.slots[0])

    said = _look(city, row(0, digits=["1"]))

    assert "共 20 个，还空 19 个" in said
    assert "已约好的 1 个预约都不变。" in said
    assert "号保留着的 5 分钟内照样能约成" in said


def test_digits_and_days_that_nobody_thought_of_are_said(city):
    said = _look(
        city,
        row(0, digits=list("1234567"), opens_at=_days_from_now(1), closes_at=_days_from_now(2)),
        row(1, digits=list("78"), opens_at=_days_from_now(3), closes_at=""),
    )

    assert "尾号 0、9：不在任何一批，一直约不了。" in said
    assert said.count("谁都不能约。") == 2
    assert "“第1批”与“第0批”有同样的人" in said


def test_a_look_without_gaps_says_nothing_of_any(city):
    said = _look(city, row(0, opens_at=_days_from_now(-1)))

    assert "谁都不能约" not in said
    assert "不在任何一批，" not in said


@pytest.mark.parametrize(("mode", "said"), [("invitation", "请先发邀请名单"), ("draw", "请先公布一轮摇号")])
def test_what_a_mode_needs_and_lacks_is_said(city, mode, said):
    assert said in _look(city, mode=mode)


def test_without_places_ahead_it_is_said(city):
    for slot in city.slots:
        slot.delete()

    assert "前面没有已发布的号" in _look(city, mode="open")


@pytest.mark.parametrize(
    ("born", "digit", "said"),
    [
        ("1990-06-01", "1", "✓ 能约 现在就可以约。"),
        ("1990-06-01", "5", "起可以约。 第1批："),
        ("1990-06-01", "9", "✕ 不能约 不在任何一批，约不了。"),
        ("2020-06-01", "1", "岁，不在这个项目的年龄里。"),
    ],
)
def test_a_dry_run_on_somebody_thought_up_says_when(city, born, digit, said):
    rows = [row(0, digits=["1"], opens_at=_days_from_now(-1)), row(1, digits=["5"], opens_at=_days_from_now(2))]

    shown = _look(city, *rows, step="try", **{"trial-born": born, "trial-digit": digit})

    assert said in shown
    assert not Cohort.objects.exists()


def test_a_dry_run_on_an_appointments_person_shows_a_masked_name_and_leaves_a_trace(city):
    booked = make_appointment(city.slots[0])
    patient = booked.patient
    digit = str(patient.document_number)[-1]

    shown = _look(
        city, row(0, digits=[digit], opens_at=_days_from_now(-1)), step="try", **{"trial-reference": booked.reference}
    )

    assert "现在就可以约。" in shown
    assert patient.name not in shown
    assert str(patient.document_number) not in shown
    assert LookUp.objects.get().person == booked.person


def test_a_dry_run_without_anybody_is_said_at_the_field(city):
    assert "请填出生日期，或预约号。" in _look(city, row(0), step="try")
    assert "没有这个预约号。" in _look(city, row(0), step="try", **{"trial-reference": "000000000000"})


def test_the_pages_cost_few_statements(city, django_assert_max_num_queries):
    for _ in range(30):
        _patient("1")
    rows = [row(n, digits=[str(n)]) for n in range(10)]

    with django_assert_max_num_queries(14):
        city.city.get(address(city.programme))
    with django_assert_max_num_queries(16):
        _look(city, *rows)
