"""What is read from the environment is checked once, and a fault names its variable."""

import base64

import pytest

from deploy import env

KEY, OLD_KEY = b"k" * 32, b"o" * 32


def _encoded(key: bytes) -> str:
    return base64.b64encode(key).decode()


def test_a_required_variable_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLOUR", raising=False)

    with pytest.raises(env.BadEnvironment, match=r"COLOUR is not set\."):
        env.required("COLOUR")


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLOUR", "")

    assert env.optional("COLOUR", "green") == "green"
    assert env.flag("COLOUR", default=True) is True
    assert env.number("COLOUR", 7) == 7
    with pytest.raises(env.BadEnvironment):
        env.required("COLOUR")


@pytest.mark.parametrize(("written", "meant"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("no", False)])
def test_a_flag_is_yes_or_no(monkeypatch: pytest.MonkeyPatch, written: str, meant: bool) -> None:
    monkeypatch.setenv("COLOUR", written)

    assert env.flag("COLOUR", default=not meant) is meant


def test_an_unclear_flag_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLOUR", "perhaps")

    with pytest.raises(env.BadEnvironment, match="COLOUR must be yes or no, not 'perhaps'"):
        env.flag("COLOUR")


@pytest.mark.parametrize("written", ["-1", "1.5", "many"])
def test_a_number_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("PLACES", written)

    with pytest.raises(env.BadEnvironment, match=f"PLACES must be a whole number, not '{written}'"):
        env.number("PLACES", 3)


def test_one_of_several_is_chosen_or_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLOUR", "red")

    assert env.one_of("COLOUR", ("red", "green"), "green") == "red"
    monkeypatch.setenv("COLOUR", "")
    assert env.one_of("COLOUR", ("red", "green"), "green") == "green"
    monkeypatch.setenv("COLOUR", "blue")
    with pytest.raises(env.BadEnvironment, match="COLOUR must be one of green, red, not 'blue'"):
        env.one_of("COLOUR", ("red", "green"), "green")


def test_pairs_are_read_and_anything_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPLATES", "code=SMS_1, code.en=SMS_2")

    assert env.pairs("TEMPLATES") == {"code": "SMS_1", "code.en": "SMS_2"}
    monkeypatch.setenv("TEMPLATES", "")
    assert env.pairs("TEMPLATES") == {}
    monkeypatch.setenv("TEMPLATES", "code")
    with pytest.raises(env.BadEnvironment, match="TEMPLATES must be"):
        env.pairs("TEMPLATES")


def test_a_database_address_may_hold_any_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ada:p%40ss%2Fword@db.example:6543/city")

    assert env.database("DATABASE_URL") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "city",
        "USER": "ada",
        "PASSWORD": "p@ss/word",
        "HOST": "db.example",
        "PORT": "6543",
    }


def test_a_database_address_may_name_several_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    address = (
        "postgresql://ada:secret@one:5432,[::1]:6543,three:5432/city?target_session_attrs=read-write&sslmode=require"
    )
    monkeypatch.setenv("DATABASE_URL", address)

    found = env.database("DATABASE_URL")

    assert (found["HOST"], found["PORT"]) == ("one,::1,three", "5432,6543,5432")
    assert found["OPTIONS"] == {"sslmode": "require", "target_session_attrs": "read-write"}


def test_one_port_holds_for_all_hosts_of_a_database_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ada@one,two/city?port=6543")

    assert env.database("DATABASE_URL")["PORT"] == "6543"


def test_a_database_address_may_lead_to_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql:///city?host=%2Frun%2Fpostgresql")

    found = env.database("DATABASE_URL")

    assert (found["HOST"], found["PORT"], found["NAME"]) == ("/run/postgresql", "", "city")


@pytest.mark.parametrize("host", ["db.example:many", "a:1:2"])
def test_a_host_of_a_database_address_that_cannot_be_read_is_refused(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://ada:secret@{host}/city")

    with pytest.raises(env.BadEnvironment, match="DATABASE_URL holds a host that cannot be read") as refused:
        env.database("DATABASE_URL")

    assert "secret" not in str(refused.value)


def test_a_database_address_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://ada@db.example/city")

    with pytest.raises(env.BadEnvironment, match="DATABASE_URL must start with postgresql://"):
        env.database("DATABASE_URL")


@pytest.mark.parametrize(
    "written",
    [
        "redis://:pass@gate:6379/0",
        "rediss://gate",
        "redis+sentinel://:p%40ss@a:26379,b:26379/city/0?sentinel_password=other",
        "redis+cluster://:pass@a:6379,b:6379",
    ],
)
def test_the_gate_is_one_server_a_group_or_a_cluster(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("GATE", written)

    assert env.servers("GATE") == written


@pytest.mark.parametrize(
    ("written", "why"),
    [("http://gate", "must start"), ("redis+group://a/b", "must start"), ("redis+sentinel://a:1,b:2", "the group")],
)
def test_an_address_of_the_gate_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, written: str, why: str
) -> None:
    monkeypatch.setenv("GATE", written)

    with pytest.raises(env.BadEnvironment, match=f"^GATE {why}|{why}"):
        env.servers("GATE")


def test_a_key_ring_keeps_the_order_of_its_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYS", f"k2:{_encoded(KEY)}, k1:{_encoded(OLD_KEY)}")

    assert list(env.key_ring("KEYS").items()) == [("k2", KEY), ("k1", OLD_KEY)]


@pytest.mark.parametrize("written", [_encoded(KEY), "k1:" + _encoded(KEY[:31]), "k1:not base64"])
def test_a_faulty_key_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("KEYS", written)

    with pytest.raises(env.BadEnvironment, match="KEYS must be") as refused:
        env.key_ring("KEYS")

    assert written not in str(refused.value)


def test_what_is_set_already_wins_over_what_a_child_would_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLOUR", "red")
    monkeypatch.setenv("SHAPE", "")

    given = env.with_values({"COLOUR": "green", "SHAPE": "round"})

    assert (given["COLOUR"], given["SHAPE"]) == ("red", "round")
