"""The next release takes over only if it can serve; the tables change only as the one before can bear."""

import pytest
from django.db import OperationalError, connection

from deploy import migrations, release
from deploy.release import CannotRelease, hand_over


class Told:
    """A release that writes down what it is told."""

    def __init__(self, name: str, acts: list[str], *, starts: bool = True) -> None:
        self.name, self.acts, self.starts = name, acts, starts

    def start(self) -> None:
        self.acts.append(f"start {self.name}")
        if not self.starts:
            raise CannotRelease("no")

    def stop(self) -> None:
        self.acts.append(f"stop {self.name}")


def test_the_one_before_ends_when_the_next_one_answers() -> None:
    acts: list[str] = []

    hand_over(Told("blue", acts), Told("green", acts), answers=lambda: acts == ["start green"])

    assert acts == ["start green", "stop blue"]


@pytest.mark.parametrize(("starts", "answers"), [(False, True), (True, False)])
def test_a_release_that_does_not_serve_changes_nothing(starts: bool, answers: bool) -> None:
    acts: list[str] = []

    with pytest.raises(CannotRelease):
        hand_over(Told("blue", acts), Told("green", acts, starts=starts), answers=lambda: answers)

    assert acts == ["start green", "stop green"]


@pytest.mark.django_db
def test_the_tables_are_not_touched_where_a_migration_is_unsafe(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db.migrations import Migration, operations

    renames = Migration("0099_renames", "booking")
    renames.operations = [operations.RenameField("slot", "quota", "places")]
    monkeypatch.setattr(migrations, "pending", lambda: [renames])
    monkeypatch.setattr(migrations, "migrate_patiently", lambda: pytest.fail("the tables were changed"))

    with pytest.raises(CannotRelease, match=r"booking\.0099_renames: Rename field quota on slot to places"):
        release.change_tables()


@pytest.mark.django_db(transaction=True)
def test_a_change_waits_for_its_lock_only_briefly_and_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[str] = []

    def migrate(*_args: object, **_kwargs: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('lock_timeout'), current_setting('statement_timeout')")
            tries.append(str(cursor.fetchone()))
        if len(tries) < 3:
            raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr(migrations, "call_command", migrate)
    monkeypatch.setattr(migrations, "_PAUSE_SECONDS", 0)

    migrations.migrate_patiently()
    connection.close()

    assert tries == ["('2s', '0')"] * 3
