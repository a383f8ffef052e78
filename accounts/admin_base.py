"""What the admin pages of every app are built from: tables to look at, lists that stay fast, and a trace of looks."""

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone

from accounts import audit_changes
from accounts.audited import note
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
    """A list that stays fast with a million rows, and forms whose changes are written into the audit trail."""

    show_full_result_count = False
    paginator = LimitedPaginator
    list_per_page = 50
    # False where saving calls an operation that writes the trail itself.
    is_audited = True

    def district_of(self, row: Any) -> str:
        """The code of the district that a row belongs to, for the trail; empty for the whole city's."""
        return ""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        before, after = audit_changes.of_form(form, is_new=not change)
        super().save_related(request, form, formsets, change)
        for formset in formsets:
            old, new = audit_changes.of_formset(formset)
            before |= old
            after |= new
        if self.is_audited and (after or not change):
            self.audit(request, "change" if change else "add", form.instance, before=before, after=after)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.audit(request, "delete", obj, before=audit_changes.of_row(obj))
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for row in queryset:
            self.audit(request, "delete", row, before=audit_changes.of_row(row))
        super().delete_queryset(request, queryset)

    def own_page(self, address: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
        """A page beside Django's own, for `get_urls`: `view` is called with this admin first; named app_model_name."""
        wrapped = self.admin_site.admin_view(partial(view, self))
        return path(address, wrapped, name=f"{self.opts.app_label}_{self.opts.model_name}_{name}")

    def audit(self, request: HttpRequest, action: str, row: Any, **facts: Any) -> None:
        """Write down what the caller did to the row: before, after, reason (see accounts.audited.note)."""
        note(request, action, row, str(row), district_code=self.district_of(row), **facts)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        # Other people's rows are not there. Django would go back to the first page and say so.
        raise Http404


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
