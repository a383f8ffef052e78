"""Who on the waitlist comes before the others, if the programme says so. Among equals whoever joined first comes first.

A person counts by the first name of the programme's order that is true of them; whoever none is true of comes last.
"""

from collections.abc import Collection, Sequence

SECOND_DOSE, AGE_60, CHILD, LOST_DRAW = "second_dose", "age_60", "child", "lost_draw"
PRIORITIES = (SECOND_DOSE, AGE_60, CHILD, LOST_DRAW)

# Completed years: from then on somebody counts as old, up to then as a child.
OLD_FROM, CHILD_UNTIL = 60, 18


def rank(order: Sequence[str], true_of_them: Collection[str]) -> int:
    """The position of the first name of the order that is true of somebody; the order's length if none is."""
    return next((position for position, name in enumerate(order) if name in true_of_them), len(order))
