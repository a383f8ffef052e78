"""The rules of the house that no single test of a part would notice being broken."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from importlinter.cli import lint_imports

from booking.api import errors
from booking.operations.refusals import Refusal
from booking.web import wording

HOUSE = Path(__file__).resolve().parents[2]
ROOMS = ("accounts", "sites", "booking", "deploy")
LONGEST = 250
# One line a setting, in sections: length is its nature.
LONGER = {"deploy/settings.py": 400}


def _sources() -> list[Path]:
    found = [path for room in ROOMS for path in (HOUSE / room).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts]


def _example() -> dict[str, str]:
    lines = (HOUSE / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def _locked(name: str) -> dict[str, str]:
    pins = re.findall(r"^([a-z0-9._-]+)==(\S+)", (HOUSE / name).read_text(), flags=re.MULTILINE)
    return dict(pins)


def test_imports_go_the_agreed_way() -> None:
    assert lint_imports(config_filename=str(HOUSE / "pyproject.toml"), no_cache=True) == 0


@pytest.mark.django_db
def test_no_model_change_lacks_its_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_source_file_is_too_long_to_read_in_one_go() -> None:
    lengths = {str(path.relative_to(HOUSE)): len(path.read_text().splitlines()) for path in _sources()}

    assert {name: length for name, length in lengths.items() if length > LONGER.get(name, LONGEST)} == {}


def test_every_refusal_has_words_on_pages_and_words_and_a_status_in_the_api() -> None:
    named = set(Refusal.__subclasses__())

    assert named == set(wording.SENTENCES) == set(errors.WORDS) == set(errors.STATUS)


def test_djangos_sites_app_which_has_the_name_of_ours_is_not_installed() -> None:
    assert "django.contrib.sites" not in settings.INSTALLED_APPS


def test_the_example_environment_names_exactly_the_variables_that_are_read() -> None:
    read: set[str] = set()
    for path in (HOUSE / "deploy").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            # env.required("NAME"), env.number("NAME", 6) and the like.
            if isinstance(node, ast.Call) and re.fullmatch(r"env\.[a-z_]+", ast.unparse(node.func)):
                read |= {argument.value for argument in node.args[:1] if isinstance(argument, ast.Constant)}

    assert read == set(_example())


def test_the_example_environment_is_enough_to_read_the_settings() -> None:
    environment = {"PATH": os.environ["PATH"], **_example()}

    done = subprocess.run(
        [sys.executable, "-c", "import deploy.settings"], cwd=HOUSE, env=environment, capture_output=True, text=True
    )

    assert done.stderr == ""


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_files_hold_names_versions_and_hashes_only(name: str) -> None:
    content = (HOUSE / name).read_text()

    assert "http" not in content
    for requirement in re.split(r"(?<!\\)\n", content.strip()):
        assert re.fullmatch(r"[a-z0-9._-]+==[^\\]+(\\\n\s+--hash=sha256:[0-9a-f]{64}\s?)+", requirement), requirement


def test_the_lock_files_agree_with_each_other_and_with_the_project_file() -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text())
    runtime, dev = _locked("requirements.lock"), _locked("requirements-dev.lock")

    def named(requirements: list[str]) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9._-]+)(?:\[.*\])?==(\S+)$", "\n".join(requirements), flags=re.MULTILINE))

    assert runtime.items() <= dev.items()
    assert named(project["project"]["dependencies"]).items() <= runtime.items()
    assert named(project["dependency-groups"]["dev"]).items() <= dev.items()


def test_the_readme_names_only_make_targets_that_exist() -> None:
    readme, makefile = (HOUSE / "README.md").read_text(), (HOUSE / "Makefile").read_text()
    commands = re.findall(r"^    (.*)$|`([^`]+)`", readme, flags=re.MULTILINE)
    named = {found for pair in commands for part in pair for found in re.findall(r"^make ([a-z]+)", part)}

    assert {"run", "test"} <= named
    assert named <= set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))


def test_every_chore_is_listed_by_make_help() -> None:
    targets = re.findall(r"^([a-z]+):(.*)$", (HOUSE / "Makefile").read_text(), flags=re.MULTILINE)

    assert [name for name, rest in targets if "##" not in rest] == []
