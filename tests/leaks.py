"""Whether a log tells a number, a phone or a mail address that the ledger keeps encrypted.

`python -m tests.leaks FOLDER [SIGN_IN_FILE]`, inside an installation's environment, looks through every *.log below the
folder and prints what it found as JSON, masked. What a demonstration prints on purpose, who can sign in, is no leak.
"""

import json
import re
import sys
from collections.abc import Iterable, Set
from pathlib import Path

from accounts.masking import masked_number

# Shorter ones stand in a log by chance.
_SHORTEST = 8
_RUN = re.compile(rf"[0-9A-Za-z]{{{_SHORTEST},}}")


def secrets_of_the_ledger() -> set[str]:
    """Every encrypted number, phone and mail address that the ledger of this process knows."""
    from django.apps import apps

    from accounts.encryption import EncryptedTextField

    found: set[str] = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            named = field.name in {"phone", "work_phone", "email", "document_number"}
            if isinstance(field, EncryptedTextField) and named and not model._meta.proxy:
                found |= set(model._default_manager.exclude(**{field.name: None}).values_list(field.name, flat=True))
    return {secret for secret in found if secret}


def leaks_in(text: str, secrets: Iterable[str]) -> set[str]:
    """Those of the secrets that the text tells, as they are or without their country's code, in letters of any size."""
    wanted: dict[str, str] = {}
    for secret in secrets:
        plain = secret.upper()
        for form in (plain.removeprefix("+"), plain.removeprefix("+86")):
            if len(form) >= _SHORTEST:
                wanted[form] = secret
    told = {secret for form, secret in wanted.items() if "@" in form and form in text.upper()}
    lengths = {len(form) for form in wanted}
    for run in set(_RUN.findall(text.upper())):
        told |= _in_run(run, wanted, lengths)
    return told


def _in_run(run: str, wanted: dict[str, str], lengths: Set[int]) -> set[str]:
    parts = (run[at : at + length] for length in lengths for at in range(len(run) - length + 1))
    return {wanted[part] for part in parts if part in wanted}


def leaks_of(folder: Path, secrets: Set[str], *, said_on_purpose: str = "") -> dict[str, list[str]]:
    """What each log below the folder tells, masked; empty if none tells anything."""
    found = {}
    on_purpose = set(said_on_purpose.splitlines())
    for log in sorted(folder.rglob("*.log")):
        lines = [line for line in log.read_text(errors="replace").splitlines() if line not in on_purpose]
        if told := leaks_in("\n".join(lines), secrets):
            found[log.name] = sorted(masked_number(secret) for secret in told)
    return found


def main() -> None:
    """Print what the logs of this installation tell."""
    import django

    django.setup()
    folder, *sign_in_file = map(Path, sys.argv[1:])
    purpose = "\n".join(file.read_text() for file in sign_in_file if file.exists())
    sys.stdout.write(json.dumps(leaks_of(folder, secrets_of_the_ledger(), said_on_purpose=purpose)) + "\n")


if __name__ == "__main__":
    main()
