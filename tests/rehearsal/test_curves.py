"""People come as in the surges that were published."""

from random import Random

import pytest

from booking.rehearsal.curves import CURVES, ORDINARY, OUTBREAK, SCARCE, Curve


@pytest.mark.parametrize("curve", CURVES.values(), ids=CURVES)
def test_everybody_comes_once_in_order_and_within_the_time(curve: Curve) -> None:
    moments = curve.arrivals(10_000, Random(7), before=60, seconds=600)

    assert len(moments) == 10_000
    assert moments == sorted(moments)
    assert moments[0] >= -60
    assert moments[-1] <= 600


def test_the_same_seed_has_the_same_people_come() -> None:
    [first, again, other] = [OUTBREAK.arrivals(100, Random(seed), before=10, seconds=60) for seed in (1, 1, 2)]

    assert first == again != other


def _share(moments: list[float], until: float) -> float:
    return sum(moment <= until for moment in moments) / len(moments)


def test_of_an_outbreak_a_quarter_come_in_the_first_eighth_and_three_fifths_in_three() -> None:
    moments = [m for m in OUTBREAK.arrivals(40_000, Random(1), before=10, seconds=480) if m > 0]

    assert _share(moments, 60) == pytest.approx(3.5 / 13.2, abs=0.02)
    assert _share(moments, 180) == pytest.approx(8 / 13.2, abs=0.02)


def test_of_a_scarce_vaccine_half_the_people_are_there_before_it_is_released() -> None:
    moments = SCARCE.arrivals(10_000, Random(1), before=60, seconds=600)

    assert _share(moments, 0) == pytest.approx(0.5, abs=0.01)


def test_of_an_ordinary_day_most_come_at_nine_and_hardly_anybody_at_night() -> None:
    moments = ORDINARY.arrivals(40_000, Random(1), before=0, seconds=24)
    by_hour = [_share(moments, hour + 1) - _share(moments, hour) for hour in range(24)]

    assert max(range(24), key=by_hour.__getitem__) in (8, 9)
    assert sum(by_hour[:6]) < 0.03
    assert by_hour[21] > by_hour[20]
