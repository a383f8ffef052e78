"""Where encrypted values stand: every EncryptedTextField of every table, and what desk acts keep sealed."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection

from accounts.encryption import EncryptedTextField
from booking.models import DeskAct


@dataclass(frozen=True, slots=True)
class Column:
    """An encrypted column in SQL: how it is read as bytes, and how new bytes are written into it."""

    table: str
    key: str
    key_type: str
    name: str
    associated: str
    # `row.` names the table; `new.sealed` is the new bytes.
    read: str
    write: str

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


def encrypted_columns() -> Iterator[Column]:
    """All of them, in the order of their names."""
    found = []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField) and not model._meta.proxy:
                found.append(
                    Column(
                        table=model._meta.db_table,
                        key=str(model._meta.pk.column),
                        key_type=str(model._meta.pk.rel_db_type(connection)),
                        name=str(field.column),
                        associated=field.associated,
                        read=f'"row"."{field.column}"',
                        write=f'"{field.column}" = new.sealed',
                    )
                )
    found.append(
        Column(
            table=DeskAct._meta.db_table,
            key="id",
            key_type="bigint",
            name="facts",
            associated="deskact.sealed",
            read="decode(\"row\".facts->>'sealed', 'base64')",
            # PostgreSQL breaks long base64 into lines; what reads it again does not mind, but equal is equal.
            write="facts = \"row\".facts || jsonb_build_object('sealed', "
            "translate(encode(new.sealed, 'base64'), E'\\n', ''))",
        )
    )
    return iter(sorted(found, key=str))
