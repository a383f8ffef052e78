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
from booking.demo.names import FAMILY, WOMEN

MOST_CITIZENS = 1_000_000

_USERNAME = "rehearsal-"
# No subscriber has a number that begins 100.
_PHONE_PREFIX = "+86100"
_DAYS, _ORDERS = 300, 500
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
    """A made-up citizen: the account, its token, and the id of its patient."""

    user_id: int
    token: str
    patient: str


def make_citizens(count: int, *, now: datetime, issue: Issue) -> Iterator[MadeCitizen]:
    """Make citizens, each with one patient: a woman of about 30, whom any open programme accepts.

    `issue` makes the tokens (accounts.tokens.issue). Iterate to the end inside a transaction: nothing is kept
    unless it commits.
    """
    with connection.cursor() as cursor:
        # Two runs at once would number their citizens alike.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('make_citizens'))")
    first = _citizens_so_far()
    for start in range(first, first + count, _BATCH):
        yield from _make_batch(range(start, min(start + _BATCH, first + count)), now, issue)


def _citizens_so_far() -> int:
    numbered = User.objects.filter(username__startswith=_USERNAME).order_by("-username")
    last = numbered.values_list("username", flat=True).first()
    return int(last.removeprefix(_USERNAME)) + 1 if last else 0


def _make_batch(numbers: Sequence[int], now: datetime, issue: Issue) -> Iterator[MadeCitizen]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('accounts_user', 'id')) FROM generate_series(1, %s)", [len(numbers)]
        )
        user_ids = [row[0] for row in cursor.fetchall()]
    patient_ids = [uuid.uuid4() for _ in numbers]
    _copy(User, _USER_COLUMNS, map(_user_row, user_ids, numbers, [now] * len(numbers)))
    _copy(Patient, _PATIENT_COLUMNS, map(_patient_row, patient_ids, user_ids, numbers, [now] * len(numbers)))
    for user_id, patient_id in zip(user_ids, patient_ids, strict=True):
        yield MadeCitizen(user_id, issue(user_id, now)[0], str(patient_id))


def _copy(model: type[Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    # COPY takes a third of the time of bulk_create, which matters for a hundred thousand.
    statement = f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        for row in rows:
            target.write_row(row)


def _user_row(user_id: int, number: int, now: datetime) -> tuple[Any, ...]:
    phone = f"{_PHONE_PREFIX}{number:08}"
    return (
        user_id, f"{_USERNAME}{number:08}", UNUSABLE_PASSWORD_PREFIX + "rehearsal",
        encrypt(phone, associated="user.phone"), blind_index("phone", phone), now, "", "", "", False, False, True, "",
    )  # fmt: skip


def _patient_row(patient_id: uuid.UUID, user_id: int, number: int, now: datetime) -> tuple[Any, ...]:
    block, day = divmod(number, _DAYS)
    area, order = divmod(block, _ORDERS)
    born = date(now.year - 31, 2, 1) + timedelta(days=day)
    name = FAMILY[number % len(FAMILY)] + WOMEN[number % len(WOMEN)]
    document = resident_id(FIRST_REHEARSAL_AREA + area, born, order * 2)
    return (
        patient_id, user_id, person_key(DocumentType.RESIDENT_ID, document), name, DocumentType.RESIDENT_ID.value,
        encrypt(document, associated="patient.document_number"), born, Sex.FEMALE.value, Relation.SELF.value, "", now,
    )  # fmt: skip
