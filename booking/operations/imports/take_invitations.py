"""Rows of people to invite. The document becomes its blind index; the number itself is not kept."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from accounts import documents
from accounts.patients import person_key
from booking.models import Invitation, InvitationList
from booking.operations.imports.taking import Row, Taking
from booking.queries.sheets.invitations import InvitationSheet
from booking.rules.cells import BadCell


class TakingInvitations(Taking, InvitationSheet):
    """An invitation is found by list and person: the same file again changes nothing."""

    unasked = ("list", "phone")

    class Meta(InvitationSheet.Meta):
        use_bulk = True
        skip_diff = True
        skip_html_diff = True

    def get_bulk_update_fields(self) -> list[str]:
        return ["phone", "language"]

    def key_parts(self, row: Row) -> tuple[Any, ...]:
        kind, number = self._document(row)
        return (person_key(kind, number) if kind and number else None,)

    def find(self, rows: list[Row], *, locked: bool) -> None:
        list_id = self.run.invitation_list_id or 0
        wanted = InvitationList.objects.filter(pk=list_id, sent_at=None, withdrawn_at=None)
        if locked:
            # Nobody sends it while rows are coming in.
            wanted = wanted.select_for_update(no_key=True)
        self._list = wanted.first()
        people = [key[0] for key in map(self.key_of, rows) if isinstance(key, tuple)]
        found = Invitation.objects.filter(list_id=list_id, person__in=people).order_by("pk")
        found = found.select_for_update() if locked else found
        self.there = {(one.person,): one for one in found}

    def after_init_instance(self, instance: Any, new: bool, row: Row, **kwargs: Any) -> None:
        if self._list is None or not self.scope.everywhere:
            self._refuse({"document_number": BadCell("list_closed")})
        instance.list = self._list
        if (key := self.key_of(row)) is not None:
            instance.document_type, instance.document_number = self._document(row)
            instance.person = key[0]  # type: ignore[index]
        super().after_init_instance(instance, new, row, **kwargs)
        self._told = (instance.phone, instance.language)

    def judge(self, instance: Any, new: bool, row: Row) -> Iterable[tuple[str, BadCell]]:
        try:
            today = timezone.localdate(self.run.created_at)
            documents.read(instance.document_type, instance.document_number, today=today)
        except documents.BadDocument:
            yield "document_number", BadCell("bad_document")

    def skip_row(self, instance: Any, original: Any, row: Row, import_validation_errors: Any = None) -> bool:
        # Cells are masked, so they do not tell one phone from another.
        same = (instance.phone, instance.language) == self._told
        return not import_validation_errors and not self._new and same

    def _document(self, row: Row) -> tuple[Any, Any]:
        return tuple(
            self.fields[name].clean(row) if name in row else None for name in ("document_type", "document_number")
        )  # type: ignore[return-value]
