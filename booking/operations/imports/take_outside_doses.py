"""Rows of doses that were given elsewhere, as another register says."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts import documents
from accounts.models import DocumentType
from accounts.patients import person_key
from booking.models import OutsideDose
from booking.operations.imports.known import Known
from booking.operations.imports.taking import Row, Taking
from booking.operations.outside_doses.enter import tell_the_desks
from booking.queries.outside_doses import SeriesKnown, series_known
from booking.queries.sheets.kinds import OutsideDoseSheet
from booking.rules.cells import BadCell, code
from booking.rules.outside_dose import mistakes

Key = tuple[UUID, str, int]


class TakingOutsideDoses(Taking, OutsideDoseSheet):
    """A dose is found by person, programme and number. One that stands otherwise is voided by hand, never changed."""

    unasked = ("programme", "vaccine", "entered_by", "entered_at")

    class Meta(OutsideDoseSheet.Meta):
        use_bulk = True
        skip_diff = True
        skip_html_diff = True

    def key_parts(self, row: Row) -> tuple[Any, ...]:
        return self._person(row), code(row.get("programme", "")), self.fields["dose"].clean(row)

    def find(self, rows: list[Row], *, locked: bool) -> None:
        self.known = Known(self.scope)
        numbers = {self._person(row): row["document_number"] for row in rows if self.key_of(row)}
        found: Any = OutsideDose.objects.filter(person__in=list(numbers), voided_at=None).select_related(
            "programme", "vaccine"
        )
        found = found.order_by("pk").select_for_update(of=("self",)) if locked else found.order_by("pk")
        self.there = {}
        for dose in found:
            # The ledger does not keep the number; the row that found the dose has it.
            dose.document_number = documents.tidy(numbers[dose.person])
            self.there[(dose.person, dose.programme.code, dose.dose)] = dose
        programmes = {dose.programme_id for dose in self.there.values()} | self._programmes(rows)
        self.series = series_known([person for person in numbers if person], programmes)

    def _programmes(self, rows: list[Row]) -> set[int]:
        found = set()
        for row in rows:
            try:
                found.add(self.known.find("programmes", code(row.get("programme", ""))).pk)
            except BadCell:
                continue
        return found

    def init_instance(self, row: Row | None = None) -> Any:
        made: Any = OutsideDose(entered_by=self.run.by, entered_at=self.now)
        made.document_number = made.document_type = None
        return made

    def after_init_instance(self, instance: Any, new: bool, row: Row, **kwargs: Any) -> None:
        if not new:
            try:
                instance.document_type = self._type(row)
            except BadCell:
                instance.document_type = None
        super().after_init_instance(instance, new, row, **kwargs)

    def judge(self, instance: Any, new: bool, row: Row) -> Iterable[tuple[str, BadCell]]:
        instance.document_type = self._type(row)
        instance.document_number = documents.tidy(instance.document_number)
        try:
            today = timezone.localdate(self.now)
            document = documents.read(instance.document_type, instance.document_number, today=today)
        except documents.BadDocument:
            yield "document_number", BadCell("not_a_document")
            return
        if instance.vaccine_id is None:
            instance.vaccine = instance.programme.vaccine
        if instance.given_on is None:
            yield "given_on", BadCell("blank")
            return
        if not new:
            if self.values(instance) != self._before:
                yield "given_on", BadCell("differs")
            return
        instance.person = self._person(row)
        yield from self._contradictions(instance, document.birth_date)

    def _contradictions(self, dose: OutsideDose, born_on: date | None) -> Iterable[tuple[str, BadCell]]:
        known = self.series.get((dose.person, dose.programme_id), SeriesKnown({}, {}))
        for name, days in (("dose_known", known.given), ("dose_booked", known.booked)):
            if dose.dose in days:
                yield "dose", BadCell(name, day=days[dose.dose].isoformat())
                return
        for field, reason in mistakes(
            dose=dose.dose,
            doses=dose.programme.doses,
            given_on=dose.given_on,
            where=dose.where,
            evidence=dose.evidence,
            today=timezone.localdate(self.now),
            born_on=born_on,
            others={**known.booked, **known.given},
        ):
            yield field, BadCell(reason)

    def before_keeping(self, instance: OutsideDose) -> None:
        tell_the_desks(instance, by=self.run.by_id, now=self.now)

    def _person(self, row: Row) -> UUID | None:
        number = documents.tidy(code(row.get("document_number", "")))
        return person_key(self._type(row), number) if number else None

    def _type(self, row: Row) -> str:
        return (self.fields["document_type"].clean(row) if row.get("document_type") else None) or str(
            DocumentType.RESIDENT_ID
        )
