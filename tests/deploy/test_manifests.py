"""Whatever runs the city elsewhere says what the code expects: Kubernetes, containers, systemd."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
UNITS = sorted(DEPLOY.glob("systemd/*.service")) + sorted(DEPLOY.glob("systemd/*.timer"))


def _documents() -> Iterator[dict[str, Any]]:
    for path in MANIFESTS:
        yield from (found for found in yaml.safe_load_all(path.read_text()) if found["kind"] != "Kustomization")


def _pods() -> Iterator[dict[str, Any]]:
    for found in _documents():
        if found["kind"] in ("Deployment", "StatefulSet", "Job"):
            yield found["spec"]["template"]["spec"]


def _containers() -> Iterator[dict[str, Any]]:
    for pod in _pods():
        yield from pod.get("initContainers", [])
        yield from pod["containers"]


def _example() -> set[str]:
    lines = (DEPLOY.parent / ".env.example").read_text().splitlines()
    return {line.split("=", 1)[0] for line in lines if line and not line.startswith("#")}


def test_every_manifest_is_what_kubernetes_takes() -> None:
    found = list(_documents())

    assert len(found) > 8
    for document in found:
        kubernetes_validate.validate(document, kubernetes_validate.latest_version(), strict=True)


def test_a_manifest_with_a_mistake_is_noticed() -> None:
    web = next(found for found in _documents() if found["kind"] == "Deployment")

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate({**web, "spec": {**web["spec"], "replica": 3}}, "1.30", strict=True)


def test_the_list_of_manifests_names_each_of_them() -> None:
    listed = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text())["resources"]

    assert sorted(listed) == [path.name for path in MANIFESTS if path.name != "kustomization.yaml"]


def test_no_container_runs_as_root_or_writes_where_it_lies() -> None:
    for pod in _pods():
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
    for container in _containers():
        assert container["securityContext"]["readOnlyRootFilesystem"] is True, container["name"]
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert "memory" in container["resources"]["limits"]


def test_manifests_and_units_set_only_variables_that_the_settings_read() -> None:
    own = {
        "BALANCERS",
        "DJANGO_SETTINGS_MODULE",
        "GATE_PASSWORD",
        "LEDGER_PASSWORD",
        "POSTGRES_PASSWORD",
        "POSTGRES_DB",
    }
    named = {entry["name"] for container in _containers() for entry in container.get("env", [])}
    named |= set(yaml.safe_load((DEPLOY / "kubernetes" / "settings.yaml").read_text())["data"])
    for unit in UNITS:
        for line in re.findall(r"^Environment=(.*)$", unit.read_text(), flags=re.MULTILINE):
            named |= {pair.split("=", 1)[0] for pair in line.split()}
    for service in _compose()["services"].values():
        named |= set(service.get("environment", {}))

    assert named - own <= _example()


def _compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "container" / "compose.yaml").read_text())
    return found


def test_the_containers_are_told_their_secrets_and_hold_none() -> None:
    text = (DEPLOY / "container" / "compose.yaml").read_text()
    services = _compose()["services"]

    for name in ("SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY", "BACKUP_KEYS"):
        assert f"{name}: ${{{name}:?}}" in text or f'{name}: "${{{name}:?}}"' in text
    for name in ("prepare", "web", "jobs", "follow", "front-files"):
        assert services[name]["read_only"] is True
    volumes = {mount.split(":")[0] for service in services.values() for mount in service.get("volumes", [])}
    assert {name for name in volumes if name.isalpha()} == set(_compose()["volumes"])


def test_the_image_is_made_of_what_the_lock_names_and_runs_as_nobody() -> None:
    lines = (DEPLOY / "container" / "Dockerfile").read_text()

    assert "--require-hashes -r /build/requirements.lock" in lines
    assert re.search(r"^USER 10001:10001$", lines, flags=re.MULTILINE)
    for folder in re.findall(r"^COPY (?!--)(\S+) \S+$", lines, flags=re.MULTILINE):
        assert (DEPLOY.parent / folder).exists(), folder


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_units_call_what_there_is(unit: Path) -> None:
    calls = re.findall(r"^ExecStart=\S+/(gunicorn|python) (.*)$", unit.read_text(), flags=re.MULTILINE)

    if unit.name == "vaccine-web-held.service":
        return
    if unit.suffix == ".timer":
        assert unit.with_suffix(".service").exists()
        return
    assert calls
    for _program, arguments in calls:
        for part in arguments.split():
            if part.endswith(".py"):
                assert (DEPLOY.parent / part).exists(), part
    assert {"NoNewPrivileges=yes", "ProtectSystem=strict"} <= set(unit.read_text().splitlines())
