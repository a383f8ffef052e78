"""What the script and the command tell, and what they compare the file with."""

import ast
import functools
import gzip
import hashlib

import pytest
from django.core.management import call_command

from booking.rules.draw import Places, entry_name
from booking.rules.draw_file import check, entries_digest_of, list_of
from tests.rules.draw_files import CODE, DRAW_ID, SCRIPT, make_file, rows_of, run_script


@pytest.fixture
def run(tmp_path):
    return functools.partial(run_script, tmp_path)


def test_a_file_that_was_made_anew_fits_itself_but_not_what_was_published_before(run):
    genuine, forged = make_file(7), make_file(8)
    commitment = rows_of(genuine)[0]["commitment"]
    digest = check(genuine).entries_digest

    assert run(forged).returncode == 0
    assert run(genuine, "--commitment", commitment, "--entries-digest", digest).returncode == 0
    assert run(forged, "--commitment", commitment).returncode == 1
    assert run(forged, "--entries-digest", digest).returncode == 1


def test_the_script_prints_the_outcome_and_the_own_line(run):
    content = make_file(7)
    name = entry_name(DRAW_ID, CODE)
    mine = next(one for one in check(content).drawn if one.name == name)

    done = run(content, "--code", "7q2m-88kd-opzx-4ltr")

    assert "RIGHT. 九价摇号 / HPV draw" in done.stdout
    assert f"rank {mine.rank}" in done.stdout
    assert hashlib.sha256(content).hexdigest() in done.stdout
    assert run(content, "--code", "0" * 16).returncode == 1


def test_the_script_reads_the_compressed_file_too(run):
    assert run(gzip.compress(make_file(7))).returncode == 0


def test_the_digest_of_the_entries_is_that_of_what_stands_before_it():
    content = make_file(7)
    end = content.index(b'{"closed_at"')

    assert entries_digest_of(content[: content.index(b'{"kind":"drawn"')]) == check(content).entries_digest
    assert check(content).entries_digest == hashlib.sha256(content[:end]).hexdigest()


def test_the_script_needs_no_package_and_no_new_python():
    tree = ast.parse(SCRIPT.read_text(), feature_version=(3, 8))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}

    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert imported <= {"argparse", "gzip", "hashlib", "json", "sys"}
    assert len(SCRIPT.read_text().splitlines()) <= 200


def test_a_place_of_the_file_is_for_people_to_read_too():
    one = Places(1, "S000001", "2026-12-01", "09:30", 2)
    content = list_of({"name": "九价"}, [one], [], "2026-11-26T10:00:00+08:00").decode()

    assert '{"day":"2026-12-01","kind":"places","places":2,"site":"S000001","slot":1,"time":"09:30"}' in content


@pytest.fixture
def command(tmp_path, capsys):
    """What the command prints, or the reason with which it ends."""

    def call(content, *options):
        file = tmp_path / "draw.jsonl"
        file.write_bytes(content)
        try:
            call_command("verify_draw", str(file), *options)
        except SystemExit as end:
            return str(end.code)
        return capsys.readouterr().out

    return call


def test_the_command_tells_the_same(command):
    content = make_file(7)
    mine = next(one for one in check(content).drawn if one.name == entry_name(DRAW_ID, CODE))

    told = command(content, "--code", CODE)

    assert told.startswith("RIGHT. 九价摇号")
    assert f"rank {mine.rank}: " in told
    assert check(content).digest in told
    assert command(gzip.compress(content)).startswith("RIGHT.")
    assert command(content, "--code", "0" * 16) == "No entry has this code."


def test_the_command_ends_with_the_reason(command):
    genuine, forged = make_file(7), make_file(8)

    assert command(genuine[:-1]) == "NOT RIGHT. The file is cut off."
    assert command(forged, "--commitment", rows_of(genuine)[0]["commitment"]).startswith("NOT RIGHT. The commitment")
    assert command(forged, "--entries-digest", check(genuine).entries_digest).startswith("NOT RIGHT. The entries")
