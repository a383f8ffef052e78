"""As many made-up citizens as a rehearsal wants, quickly."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection
from django.db.models import Model

from accounts.encryption import blind_index, encrypt
from accounts.models import DocumentType, Patient, Relation, Sex, User
from accounts.patients import person_key
from booking.demo.documents import FIRST_REHEARSAL_AREA, resident_id
from booking.demo.names import FAMILY, MEN, WOMEN

MOST_CITIZENS = 1_000_000
MOST_RELATIVES = 3

USERNAME = "rehearsal-"
# No subscriber has a number that begins 100.
_PHONE_PREFIX = "+86100"
_DAYS, _ORDERS = 300, 500
# So many areas hold MOST_CITIZENS; relatives live in the ones behind.
_AREAS = 7
_BATCH = 5_000
_USER_COLUMNS = (
    "id", "username", "password", "phone", "phone_index", "date_joined", "first_name", "last_name", "email",
    "is_superuser", "is_staff", "is_active", "text_size",
)  # fmt: skip
_PATIENT_COLUMNS = (
    "id", "user_id", "person", "name", "document_type", "document_number", "birth_date", "sex", "relation",
    "district_code", "added_at",
)  # fmt: skip

Issue = Callable[[int, datetime], tuple[str, datetime]]


@dataclass(frozen=True, slots=True)
class MadeCitizen:
    """A made-up citizen: the account, its token, and the ids of its patient and of the patient's relatives."""

    user_id: int
    token: str
    patient: str
    relatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sort:
    """What citizens are like: how their usernames begin, whether they have phones, and how many relatives each has.

    Relatives, MOST_RELATIVES at the most, go by the citizen's number.
    """

    username: str = USERNAME
    phones: bool = True
    relatives: Callable[[int], int] = lambda number: 0


_USUAL = Sort()


def make_citizens(count: int, *, now: datetime, issue: Issue, sort: Sort = _USUAL) -> Iterator[MadeCitizen]:
    """Make citizens, each with one patient: a woman of about 30, whom any open programme accepts.

    `issue` makes the tokens (accounts.tokens.issue). Iterate to the end inside a transaction: nothing is kept
    unless it commits.
    """
    with connection.cursor() as cursor:
        # Two runs at once would number their citizens alike.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('make_citizens'))")
    first = _citizens_so_far(sort)
    for start in range(first, first + count, _BATCH):
        yield from _make_batch(range(start, min(start + _BATCH, first + count)), now, issue, sort)


def _citizens_so_far(sort: Sort) -> int:
    numbered = User.objects.filter(username__startswith=sort.username).order_by("-username")
    last = numbered.values_list("username", flat=True).first()
    return int(last.removeprefix(sort.username)) + 1 if last else 0


def _make_batch(numbers: Sequence[int], now: datetime, issue: Issue, sort: Sort) -> Iterator[MadeCitizen]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('accounts_user', 'id')) FROM generate_series(1, %s)", [len(numbers)]
        )
        user_ids = [row[0] for row in cursor.fetchall()]
    families = [[uuid.uuid4() for _ in range(1 + sort.relatives(number))] for number in numbers]
    made = list(zip(user_ids, numbers, families, strict=True))
    _copy(User, _USER_COLUMNS, (_user_row(user_id, number, now, sort) for user_id, number, _ in made))
    _copy(Patient, _PATIENT_COLUMNS, (row for one in made for row in _patient_rows(*one, now)))
    for user_id, _number, (patient, *relatives) in made:
        yield MadeCitizen(user_id, issue(user_id, now)[0], str(patient), tuple(map(str, relatives)))


def _copy(model: type[Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    # COPY takes a third of the time of bulk_create, which matters for a hundred thousand.
    statement = f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        for row in rows:
            target.write_row(row)


def _user_row(user_id: int, number: int, now: datetime, sort: Sort) -> tuple[Any, ...]:
    phone = f"{_PHONE_PREFIX}{number:08}"
    phones = (encrypt(phone, associated="user.phone"), blind_index("phone", phone)) if sort.phones else (None, None)
    return (
        user_id, f"{sort.username}{number:08}", UNUSABLE_PASSWORD_PREFIX + "rehearsal", *phones, now, "", "", None,
        False, False, True, "",
    )  # fmt: skip


def _patient_rows(
    user_id: int, number: int, family: Sequence[uuid.UUID], now: datetime
) -> Iterator[tuple[Any, ...]]:  # fmt: skip
    block, day = divmod(number, _DAYS)
    area, order = divmod(block, _ORDERS)
    born = date(now.year - 31, 2, 1) + timedelta(days=day)
    for place, patient_id in enumerate(family):
        # Husbands and brothers have the odd orders of the same day, sisters another area.
        shift, is_man = divmod(place, 2)
        given = MEN[number % len(MEN)] if is_man else WOMEN[number % len(WOMEN)]
        document = resident_id(FIRST_REHEARSAL_AREA + area + shift * _AREAS, born, order * 2 + is_man)
        yield (
            patient_id, user_id, person_key(DocumentType.RESIDENT_ID, document),
            FAMILY[number % len(FAMILY)] + given, DocumentType.RESIDENT_ID.value,
            encrypt(document, associated="patient.document_number"), born, (Sex.MALE if is_man else Sex.FEMALE).value,
            (Relation.OTHER if place else Relation.SELF).value, "", now,
        )  # fmt: skip
