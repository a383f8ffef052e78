"""Charts stay inside their drawing whatever the numbers are."""

from hypothesis import given
from hypothesis import strategies as st

from booking.rules.line_chart import HEIGHT, WIDTH, chart


@given(st.lists(st.integers(-5, 2_000_000), max_size=60), st.integers(1, 5000) | st.none())
def test_every_bar_and_line_is_inside(values, threshold):
    drawn = chart([(str(n), value) for n, value in enumerate(values)], threshold=threshold)

    for bar in drawn.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH
        assert 0 <= bar.y <= bar.y + bar.height <= HEIGHT
    assert drawn.threshold_y is None or 0 <= drawn.threshold_y <= HEIGHT


def test_a_threshold_far_above_is_named_and_not_drawn():
    low, high = chart([("a", 3)], threshold=1200), chart([("a", 900)], threshold=1200)

    assert (low.threshold, low.threshold_y) == (1200, None)
    assert high.threshold_y is not None


def test_labels_are_counted_from_the_newest():
    drawn = chart([(str(n), n) for n in range(60)], every=10)

    assert [bar.label for bar in drawn.bars if bar.has_label] == ["9", "19", "29", "39", "49", "59"]
    assert (drawn.latest, drawn.most) == (59, 59)
