"""Freed places and the waitlist: `make bench ARGS="--waitlist"`."""

from tests.bench.installation import Installation

CANCELLATIONS, WAITING, ACCEPTS = 10_000, 50_000, 1_000
# Seconds from the moment at which a place was freed until it was offered, and for one answer.
OFFERED, ACCEPTED = 5.0, 0.5


def measure(city: Installation) -> tuple[list[str], bool]:
    """The figures as lines, and whether all were met."""
    found = city.script("tests.bench.waitlist_city", str(CANCELLATIONS), str(WAITING), str(ACCEPTS))
    audit = city.manage("audit_places", check=False)
    figures = [
        ("cancelled a second, meanwhile", found["cancelled_a_second"], None),
        ("freed to offered, median, seconds", found["offered"]["median"], None),
        ("freed to offered, 95 in 100", found["offered"]["p95"], None),
        ("freed to offered, the last", found["offered"]["max"], OFFERED),
        ("one answer, median", found["accepted"]["median"], None),
        ("one answer, 95 in 100", found["accepted"]["p95"], ACCEPTED),
        (f"{found['together']:,} that end in one second, until the last is passed on", found["pass_on"], None),
    ]
    lines, all_met = [], True
    for name, value, target in figures:
        met = target is None or value <= target
        verdict = "" if target is None else f"at most {target}: {'met' if met else 'NOT MET'}"
        lines.append(f"{name:<68}{value:>10,.2f}  {verdict}".rstrip())
        all_met = all_met and met
    for name in ("offers", "twice", "lost"):
        lines.append(f"{name:<68}{found[name]:>10,}")
    lines.append(f"audit_places: {audit.stdout.strip()} (exit code {audit.returncode})")
    return lines, all_met and not (found["twice"] or found["lost"]) and audit.returncode == 0
