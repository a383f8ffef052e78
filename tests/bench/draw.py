"""A draw of a whole city: `make bench ARGS="--draw"`.

The second half of this file runs inside the installation: `python -m tests.bench.draw ENTRIES`, which prints JSON.
"""

import json
import random
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.bench.installation import Installation

ENTRIES, SITES, DAYS, WISHES = 100_000, 300, 14, 5
# Seconds.
MOST_TO_DRAW = 60.0
SCRIPT = Path(__file__).resolve().parents[2] / "booking/static/booking/draw/verify_draw.py"


def measure(city: Installation) -> tuple[list[str], bool]:
    """The figures as lines, and whether the draw kept to its target, both checks agree and nothing is oversold."""
    file = city.folder / "draw.jsonl"
    found: dict[str, Any] = city.script("tests.bench.draw", str(ENTRIES), str(file))
    command, told = _timed(lambda: city.manage("verify_draw", str(file)).stdout)
    script, printed = _timed(
        lambda: subprocess.run([sys.executable, "-I", str(SCRIPT), str(file)], check=True, capture_output=True).stdout
    )
    agree = found["digest"] in told and found["digest"] in printed.decode()
    audit = city.manage("audit_places", check=False)
    figures = [
        ("draw and place, the algorithm alone, s", found["pure"], ""),
        ("close: freeze and publish the entries, s", found["close"], ""),
        ("draw, place, write ranks, publish, s", found["draw"], f"at most {MOST_TO_DRAW:.0f}"),
        ("verify_draw, the command, s", command, ""),
        ("verify_draw.py, the script, s", script, ""),
        ("appointments and messages, s", found["give"], ""),
        ("entries dealt with a second", ENTRIES / found["give"], ""),
    ]
    drawn_in_time = found["draw"] < MOST_TO_DRAW
    lines = [f"{ENTRIES:,} entries, {WISHES} sites each; {SITES} sites, {DAYS} days, {found['places']:,} places"]
    lines += [f"{name:<44}{value:>10,.2f}  {target}".rstrip() for name, value, target in figures]
    lines += [
        f"file {found['bytes'] / 1e6:.1f} MB, compressed {found['compressed'] / 1e6:.1f} MB; {found['outcomes']}",
        f"target {'met' if drawn_in_time else 'NOT MET'}; the checks {'agree' if agree else 'DO NOT AGREE'}",
        f"audit_places: {audit.stdout.strip()} (exit code {audit.returncode})",
    ]
    return lines, drawn_in_time and agree and audit.returncode == 0


def _timed(act: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    result = act()
    return time.perf_counter() - began, result


def _inside(entries: int, file: Path) -> dict[str, Any]:
    import django

    django.setup()

    from booking.operations.draws.close import close
    from booking.operations.draws.run import carry_on, run_draw
    from booking.queries.draws import progress, published
    from booking.rules.draw import draw
    from booking.rules.draw_file import check, read_list
    from tests.bench.draw_fill import fill

    row, closes_at = fill(entries, SITES, DAYS, WISHES)
    now = closes_at + timedelta(minutes=1)
    closed, _ = _timed(lambda: close(draw_id=row.pk, now=now))
    run_draw(draw_id=row.pk, public_value="03 08 14 21 27 33 + 12", by=row.made_by_id, now=now)
    places, listed = read_list(published(row.pk).content)  # type: ignore[union-attr]
    pure, _ = _timed(lambda: draw(row.seed, "03 08 14 21 27 33 + 12", listed, places))
    drawn, _ = _timed(lambda: carry_on(draw_id=row.pk, now=now, seconds=0))
    given, _ = _timed(lambda: _all(lambda: carry_on(draw_id=row.pk, now=now)))
    out = published(row.pk)
    assert out is not None
    file.write_bytes(out.content)
    return {
        "pure": pure,
        "close": closed,
        "draw": drawn,
        "give": given,
        "places": sum(one.places for one in places),
        "bytes": len(out.content),
        "compressed": len(out.compressed),
        "digest": check(out.content).digest,
        "outcomes": ", ".join(f"{name} {count:,}" for name, count in sorted(progress(row.pk).outcomes.items())),
    }


def _all(step: Any) -> None:
    while step():
        pass


if __name__ == "__main__":
    random.seed(2026)
    json.dump(_inside(int(sys.argv[1]), Path(sys.argv[2])), sys.stdout)
