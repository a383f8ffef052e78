"""What the admin pages of every app are built from: tables to look at, lists that stay fast, and a trace of looks."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.look_ups import opened

# Counting a million rows takes longer than reading a page of them, and nobody pages through more than this.
MOST_COUNTED = 10_000


class LimitedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts MOST_COUNTED rows at most; what lies behind is found by a filter or a search."""

    @cached_property
    def count(self) -> int:  # type: ignore[override]
        rows: Any = self.object_list
        return len(rows[:MOST_COUNTED].values_list("pk", flat=True)) if hasattr(rows, "values_list") else len(rows)


class FastAdmin(admin.ModelAdmin):
    """A list that stays fast with a million rows."""

    show_full_result_count = False
    paginator = LimitedPaginator
    list_per_page = 50


class ReadOnlyAdmin(FastAdmin):
    """A table to look at. What is in it is changed by operations only."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class TracedAdmin(FastAdmin):
    """Opening a row of this table leaves a trace, because it is about a person."""

    def person_of(self, row: Any) -> UUID | None:
        """Whose data the row holds."""
        return getattr(row, "person", None)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is not None and self.has_view_permission(request, row):
            what = f"{self.opts.label_lower} {row.pk}"
            opened(what=what, person=self.person_of(row), by=request.user, now=timezone.now())  # type: ignore[arg-type]
        return super().change_view(request, object_id, form_url, extra_context)
