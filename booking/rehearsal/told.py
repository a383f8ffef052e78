"""A rehearsal's outcome in a few lines on the terminal; the report says more."""

from booking.rehearsal.conduct import Course
from booking.rehearsal.soak import LEAST_SECONDS, is_steady, trends
from booking.rehearsal.verdict import Verdict


def lines(course: Course, verdict: Verdict) -> list[str]:
    """What there is to know at once."""
    measures = course.measures
    found = [
        "",
        f"{measures.people:,} people, {measures.booked:,} places booked; {_of(course)}",
        f"Oversold {len(verdict.oversold)}, confirmations lost {len(verdict.lost)}, doubled {len(verdict.doubled)}, "
        f"slots that differ {len(verdict.drifted)} ({verdict.settled_after:.0f} s after the end)",
    ]
    for name, spread in sorted(measures.kinds.items()):
        said = ", ".join(f"{count:,} x {what}" for what, count in measures.names[name].most_common())
        figures = spread.figures()
        found.append(
            f"  {name:<10} p50 {figures['p50'] * 1000:>7,.0f} ms  p99 {figures['p99'] * 1000:>7,.0f} ms  "
            f"worst {figures['worst'] * 1000:>7,.0f} ms  {said}"
        )
    if course.plan.rate:
        found += _growth(course)
    found.append("Every promise was kept." if verdict.holds else "A PROMISE WAS BROKEN.")
    return found


def _of(course: Course) -> str:
    outcomes = course.measures.outcomes
    return ", ".join(f"{outcomes[name]:,} {name.replace('_', ' ')}" for name in sorted(outcomes))


def _growth(course: Course) -> list[str]:
    found = [
        f"  {trend.name:<20} {trend.first:>8,.1f} -> {trend.last:>8,.1f} {trend.unit:<3}"
        f"{trend.an_hour:>+8,.1f} an hour{'  GROWS' if trend.grows else ''}"
        for trend in trends(course.samples)
    ]
    if course.plan.seconds < LEAST_SECONDS:
        return [*found, f"Less than {LEAST_SECONDS // 60} minutes say nothing about growth."]
    return [*found, "Nothing grows." if is_steady(course.samples) else "SOMETHING GROWS."]
