"""Files of draws that chance made, and two programs that check them."""

import json
import random
import subprocess
import sys
from pathlib import Path

from booking.rules.draw import Entry, canonical, commitment_of, draw, entry_name
from booking.rules.draw_file import NotRight, check, list_of, outcome_of
from tests.draw_factories import random_draw

SCRIPT = Path(__file__).resolve().parents[2] / "booking/static/booking/draw/verify_draw.py"
DRAW_ID = "9b2f6c1e-0c6e-4b57-9a52-6f3c1f0a7d11"
CODE = "7Q2M88KD0PZX41TR"


def the_script():
    """The script's functions, for many draws."""
    space = {"__name__": "verify_draw"}
    exec(compile(SCRIPT.read_text(), str(SCRIPT), "exec"), space)
    return space


def run_script(folder, content, *options):
    """The script, run as a citizen would: alone, in another folder, without the project."""
    file = folder / "draw.jsonl"
    file.write_bytes(content)
    command = [sys.executable, "-I", str(SCRIPT), str(file), *options]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env={"PYTHONUTF8": "1"})


def make_file(number, **header):
    """The file of a draw that chance made, with one entry of a known code."""
    chance = random.Random(number)
    places, entries = random_draw(chance, entries=chance.randint(1, 80))
    entries.append(Entry(entry_name(DRAW_ID, CODE), ("S000001",), (), True, 3))
    seed = f"{chance.getrandbits(256):064x}"
    said = {"commitment": commitment_of(seed), "draw": DRAW_ID, "name": "九价摇号", "name_en": "HPV draw"}
    said |= {"public_source": "双色球", "public_source_en": "lottery", **header}
    closed = list_of(said, places, entries, "2026-11-26T10:00:00+08:00")
    value = f"开奖 {chance.randint(1, 33)} + {chance.randint(1, 16)}"
    return closed + outcome_of(closed, seed, value, draw(seed, value, entries, places))


def rows_of(content):
    return [json.loads(line) for line in content.splitlines()]


def written(rows):
    return b"".join(canonical(row) + b"\n" for row in rows)


def accepted_by(script, content):
    """Whether the city's check, and whether the script, takes the file."""
    try:
        check(content)
        ours = True
    except NotRight:
        ours = False
    try:
        script["check"](content, "", "")
    except (script["Wrong"], AttributeError, KeyError, TypeError, ValueError):
        return ours, False
    return ours, True
