"""What all kinds of rows have in common when they come in: found by their key, filled in, checked, compared, kept.

django-import-export's resource does the work in bulk; this adds what it lacks: errors that are codes and facts, the
sender's part of the city, and what each field said before.
"""

from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from import_export.results import RowResult
from tablib import Dataset

from booking.models import ImportRun
from booking.operations.imports.known import Known
from booking.operations.imports.table import Table
from booking.queries.sheets.sheet import Sheet
from booking.rules.cells import BadCell
from sites.scope import Scope

Row = dict[str, str]


class Taken(RowResult):
    """What became of a row: `before` and `after` are its cells by column."""

    before: ClassVar[dict[str, Any]] = {}
    after: ClassVar[dict[str, Any]] = {}


class Taking(Sheet):
    """A kind of file that is being taken in (or only checked, in a dry run), some rows at a time.

    Made once for a whole file, because rows of the same key must not come twice in it.
    """

    # Foreign keys, which are looked up already, and what full_clean would ask the ledger about one by one.
    unasked: ClassVar[tuple[str, ...]] = ()
    # The moment of this piece of work.
    now: datetime

    def __init__(self, table: Table, scope: Scope, run: ImportRun) -> None:
        super().__init__()
        self.scope = scope
        self.run = run
        self.firsts: dict[Hashable, int] = {}
        self.known = Known(scope)
        self.there: dict[Hashable, Any] = {}
        self.columns = table.columns
        for number, cells in table.rows:
            row = dict(zip(table.columns, cells, strict=True))
            if (key := self.key_of(row)) is not None:
                self.firsts.setdefault(key, number)
                self.survey(key, number, row)

    # --- What each kind says for itself

    def key_parts(self, row: Row) -> tuple[Any, ...]:
        """What the row is found by. May raise BadCell."""
        raise NotImplementedError

    def survey(self, key: Any, number: int, row: Row) -> None:
        """Remember what the other rows of the file have to be compared with."""

    def find(self, rows: list[Row], *, locked: bool) -> None:
        """Set `known` and `there` for these rows."""
        raise NotImplementedError

    def judge(self, instance: Any, new: bool, row: Row) -> Iterable[tuple[str, BadCell]]:
        """What is wrong with a filled-in row as a whole, with the column to say it at."""
        return ()

    def take(self, rows: list[tuple[int, list[str]]], *, dry_run: bool) -> list[Taken]:
        """Take some of the table's rows in, or only find out what would become of them; one result for each.

        Outside of a dry run it wants to be called in a transaction, and locks the rows that it finds.
        """
        dataset = Dataset(*(cells for _, cells in rows), headers=self.columns)
        # The resource's own dry run writes and rolls back; ours writes nothing.
        self._checking = dry_run
        result = self.import_data(dataset, use_transactions=False, numbers=[number for number, _ in rows])
        for error in [*result.base_errors, *(error for row in result.rows for error in row.errors)]:
            # Nothing that a file could say leads here: it is ours to mend, or somebody else was faster.
            raise error.error
        found: list[Taken] = result.rows
        return found

    # --- In the order in which the resource calls them

    def key_of(self, row: Row) -> Hashable | None:
        """The row's key, or None if it cannot be read or has a part missing."""
        try:
            parts = self.key_parts(row)
        except BadCell:
            return None
        return None if any(part in (None, "") for part in parts) else parts

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self.find([dict(zip(dataset.headers, cells, strict=True)) for cells in dataset], locked=not self._checking)

    def before_import_row(self, row: Row, **kwargs: Any) -> None:
        number = kwargs["numbers"][kwargs["row_number"] - 1]
        first = self.firsts.get(self.key_of(row), number)
        if first != number:
            # Before anything is filled in: the row in the ledger belongs to the first.
            self._refuse({self.get_import_id_fields()[0]: BadCell("twice", row=first)})

    def get_instance(self, instance_loader: Any, row: Row) -> Any:
        return self.there.get(self.key_of(row))

    def after_init_instance(self, instance: Any, new: bool, row: Row, **kwargs: Any) -> None:
        self._instance, self._new = instance, new
        self._before = {} if new else self.values(instance)

    def import_instance(self, instance: Any, row: Row, **kwargs: Any) -> None:
        bad: dict[str, BadCell] = {}
        for name in row:
            try:
                self.fields[name].save(instance, row, known=self.known)
            except BadCell as cell:
                bad[name] = cell
        for name in self.get_import_id_fields():
            if name not in bad and self.fields[name].get_value(instance) in (None, ""):
                bad[name] = BadCell("blank")
        if not bad:
            bad = dict(self.judge(instance, self._new, row))
        if bad:
            self._refuse(bad)

    def skip_row(self, instance: Any, original: Any, row: Row, import_validation_errors: Any = None) -> bool:
        return not import_validation_errors and not self._new and self.values(instance) == self._before

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        errors = dict(import_validation_errors or {})
        for whole in self.parts_of(instance):
            try:
                whole.full_clean(exclude=[*self.unasked, *errors], validate_unique=False, validate_constraints=False)
            except ValidationError as found:
                errors = found.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def parts_of(self, instance: Any) -> list[Any]:
        """The models that the row fills in."""
        return [instance]

    def save_instance(self, instance: Any, is_create: bool, row: Row, **kwargs: Any) -> None:
        if not self._checking:
            self.before_keeping(instance)
            super().save_instance(instance, is_create, row, **kwargs)

    def before_keeping(self, instance: Any) -> None:
        """Keep what the row needs before it can be kept itself."""

    def after_import_row(self, row: Row, row_result: Any, **kwargs: Any) -> None:
        row_result.before, row_result.after = self._before, self.values(self._instance)

    @classmethod
    def get_row_result_class(cls) -> type[Taken]:
        return Taken

    @staticmethod
    def _refuse(bad: dict[str, BadCell]) -> None:
        raise ValidationError({name: ValidationError(cell.code, cell.code, cell.facts) for name, cell in bad.items()})
