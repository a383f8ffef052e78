"""Files that leave: templates, rows to mend, values from before, and whole lists."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.admin_steps import fresh_code_first
from accounts.audited import note
from booking.admin.imports.pages import may_mend, run_of
from booking.admin.imports.words import cell_refused, column_label
from booking.models import ClosedDay, ImportRun, Slot
from booking.operations.imports.table import Table
from booking.queries.imports import errors_by_row, may_send, own_rows, rows_for_file
from booking.queries.sheets.files import MIME, csv_parts, template, xlsx
from booking.queries.sheets.kinds import GOING_OUT
from booking.rules.cells import guarded
from sites.models import Site, StaffMember
from sites.scope import scope_of

# A workbook is made in memory, at ten thousand rows a second; CSV leaves while it is being made.
MOST_ROWS = {"csv": 50_000, "xlsx": 20_000}
_LISTS: dict[str, Any] = {"sites": Site, "staff": StaffMember, "slots": Slot, "closed_days": ClosedDay}
_SEE = {
    "sites": "sites.view_site",
    "staff": "sites.view_staffmember",
    "plans": "booking.view_quotaplan",
    "slots": "booking.view_slot",
    "closed_days": "booking.view_closedday",
}


def template_view(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """A file to fill in."""
    if form not in MIME:
        raise Http404
    if not may_send(request.user, kind):  # type: ignore[arg-type]
        raise PermissionDenied
    return _file(template(kind, form), f"{kind}-template", form)


def errors_view(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The bad rows with the file's own columns and what is wrong, to mend and send again."""
    run = run_of(request, run_id)
    if not may_mend(request, run):
        raise PermissionDenied
    if (first := fresh_code_first(request)) is not None:
        return first
    content = ImportRun.objects.values_list("content", flat=True).get(pk=run.pk)
    if not content or not run.errors:
        raise Http404
    table, wrong = Table.opened(content), errors_by_row(run)
    lines = (
        [
            *(guarded(cell) for cell in cells),
            _("第 %(row)d 行") % {"row": number},
            guarded(
                "；".join(f"{column_label(run, error['field'])} · {cell_refused(error)}" for error in wrong[number])
            ),
        ]
        for number, cells in table.rows
        if number in wrong
    )
    headings = [*(guarded(heading) for heading in table.headings), _("原来的行"), _("错误")]
    return _file(b"".join(csv_parts(headings, lines)), f"{run.kind}-errors", "csv")


def before_view(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """What the changed rows said before, as a file that takes them back when it is sent."""
    run = run_of(request, run_id)
    lines = run.summary.get("before")
    if not lines:
        raise Http404
    if (first := fresh_code_first(request)) is not None:
        return first
    safe = ([guarded(cell) if isinstance(cell, str) else cell for cell in line] for line in lines)
    headings = [guarded(heading) for heading in run.summary["headings"]]
    return _file(b"".join(csv_parts(headings, safe)), f"{run.kind}-before", "csv")


def export_view(
    admin_site: AdminSite, request: HttpRequest, kind: str, form: str
) -> HttpResponse | StreamingHttpResponse:
    """A list as a file: what the administrator sees of it, with the filters of the list's page."""
    if kind not in GOING_OUT or form not in MIME:
        raise Http404
    if not request.user.has_perm(_SEE[kind]):  # type: ignore[union-attr]
        raise PermissionDenied
    if (first := fresh_code_first(request)) is not None:
        return first
    rows, back = _rows(admin_site, request, kind)
    if len(rows.order_by().values_list("pk")[: MOST_ROWS[form] + 1]) > MOST_ROWS[form]:
        words = _("超过 %(most)d 行，没有导出。请先筛选，再导出。") % {"most": MOST_ROWS[form]}
        if form == "xlsx":
            words = _("超过 %(most)d 行，Excel 文件放不下。请先筛选，或导出 CSV。") % {"most": MOST_ROWS[form]}
        messages.error(request, words)
        return HttpResponseRedirect(f"{back}?{request.GET.urlencode()}")
    # The filters of the list are part of what was taken along.
    note(request, "export", f"booking.{kind}", f"{kind}.{form}", after=dict(request.GET.items()))
    sheet = GOING_OUT[kind]()
    lines = sheet.lines(rows_for_file(kind, rows))
    if form == "xlsx":
        return _file(xlsx(sheet.labels(), lines), kind, form)
    return _file(csv_parts(sheet.labels(), lines), kind, form)


def _rows(admin_site: AdminSite, request: HttpRequest, kind: str) -> tuple[QuerySet[Any], str]:
    model = _LISTS.get(kind)
    if model is None or not admin_site.is_registered(model):
        return own_rows(kind, scope_of(request.user)), reverse("admin:index")
    listed = admin_site.get_model_admin(model)
    if not listed.has_view_permission(request):
        raise PermissionDenied
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    try:
        found = listed.get_changelist_instance(request).queryset
    except IncorrectLookupParameters:
        raise Http404 from None
    return (found.filter(withdrawn_at=None) if kind == "slots" else found), address


def _file(content: bytes | Iterable[bytes], name: str, form: str) -> Any:
    made = HttpResponse if isinstance(content, bytes) else StreamingHttpResponse
    answer = made(content, content_type=MIME[form])
    answer["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.{form}"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
