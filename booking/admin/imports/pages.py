"""The pages of an uploaded file: sending it, looking at what it would change, taking it in or not."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_steps import fresh_code_first
from accounts.audited import note
from booking.admin.imports.words import cell_refused, column_label, file_refused
from booking.models import ImportKind, ImportRun, ImportState
from booking.operations.imports.read_file import MOST_BYTES
from booking.operations.imports.send_file import drop_file, send_file, take_in
from booking.operations.imports.table import MOST_ROWS
from booking.operations.refusals import FileUnreadable, NotFound, WrongStatus
from booking.queries.imports import kinds_for, visible_runs
from booking.queries.sheets.kinds import COMING_IN

_ERRORS_SHOWN = 200
_WORKING = (ImportState.CHECKING, ImportState.RUNNING)


class FileForm(forms.Form):
    """What kind of file, and the file."""

    kind = forms.ChoiceField(label=gettext_lazy("导入什么"), widget=forms.RadioSelect)
    file = forms.FileField(label=gettext_lazy("文件"), allow_empty_file=True)

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind.value, kind.label) for kind in ImportKind if kind.value in kinds
        ]
        self.fields["file"].widget.attrs["accept"] = ".csv,.xlsx"


def new_view(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """A form to send a file with, and the templates to fill in."""
    kinds = kinds_for(request.user)  # type: ignore[arg-type]
    if not request.user.has_perm("booking.add_importrun") or not kinds:  # type: ignore[union-attr]
        raise PermissionDenied
    wanted = request.GET.get("kind", "")
    form = FileForm(
        request.POST or None,
        request.FILES or None,
        kinds=kinds,
        initial={"kind": wanted if wanted in kinds else kinds[0]},
    )
    if request.method == "POST" and form.is_valid():
        kind, file = form.cleaned_data["kind"], form.cleaned_data["file"]
        try:
            # One byte more than allowed is enough to know.
            content = file.read(MOST_BYTES + 1)
            run = send_file(
                kind=kind,
                file_name=file.name,
                content=content,
                by=request.user.pk,  # type: ignore[arg-type]
                now=timezone.now(),
            )
            note(request, "import", run, run.file_name, after={"kind": kind, "state": "sent"})
            return HttpResponseRedirect(reverse("admin:booking_importrun_show", args=[run.pk]))
        except FileUnreadable as refusal:
            form.add_error("file", file_refused(kind, refusal.facts))
    context = {
        **_frame(model_admin, request, _("导入文件")),
        "form": form,
        "templates": [(value, label) for value, label in ImportKind.choices if value in kinds],
        "most_rows": MOST_ROWS,
        "most_megabytes": MOST_BYTES // 1024**2,
    }
    return TemplateResponse(request, "admin/booking/importrun/new.html", context)


def show_view(model_admin: Any, request: HttpRequest, run_id: UUID) -> HttpResponse:
    """How far it is, what it would change and what is wrong with it; by POST: take it in, or drop it."""
    run = run_of(request, run_id)
    own = run.by_id == request.user.pk and request.user.has_perm("booking.add_importrun")  # type: ignore[union-attr]
    if request.method == "POST":
        if not own:
            raise PermissionDenied
        # A file of staff gives posts away, as their page does.
        gives_posts = run.kind == ImportKind.STAFF and request.POST.get("decision") != "drop"
        if gives_posts and (first := fresh_code_first(request, back=request.path)) is not None:
            return first
        _decide(request, run)
        return HttpResponseRedirect(request.path)
    summary = run.summary
    context = {
        **_frame(model_admin, request, f"{run.get_kind_display()} · {run.file_name}"),
        "run": run,
        "own": own,
        "working": run.state in _WORKING,
        "refused": file_refused(run.kind, summary["refused"]) if "refused" in summary else "",
        "headings": summary.get("headings", []),
        "left_out": "、".join(summary.get("left_out", [])),
        "preview": [_preview_row(row) for row in summary.get("preview", [])],
        "errors": [
            (error["row"], column_label(run, error["field"]), cell_refused(error))
            for error in run.errors[:_ERRORS_SHOWN]
        ],
        "more_errors": max(len(run.errors) - _ERRORS_SHOWN, 0),
        "has_file": bool(run.errors)
        and may_mend(request, run)
        and ImportRun.objects.filter(pk=run.pk).exclude(content=None).exists(),
        "good": summary.get("new", 0) + summary.get("changed", 0),
        "again": _again(run),
        "changed_since": max(summary.get("bad", 0) - summary.get("checked", {}).get("bad", summary.get("bad", 0)), 0),
    }
    return TemplateResponse(request, "admin/booking/importrun/show.html", context)


def progress_view(request: HttpRequest, run_id: UUID) -> JsonResponse:
    """How far it is, for the page's script."""
    run = run_of(request, run_id)
    facts = {"state": run.state, "done": run.done, "total": run.total, "working": run.state in _WORKING}
    answer = JsonResponse(facts)
    answer["Cache-Control"] = "no-store"
    return answer


def run_of(request: HttpRequest, run_id: UUID) -> ImportRun:
    """The run, if there is one that this administrator may look at."""
    if not request.user.has_perm("booking.view_importrun"):  # type: ignore[union-attr]
        raise PermissionDenied
    return get_object_or_404(visible_runs(request.user), pk=run_id)  # type: ignore[arg-type]


def may_mend(request: HttpRequest, run: ImportRun) -> bool:
    """Whether the caller gets the bad rows as they came. Where they tell about people, only the sender does."""
    return not COMING_IN[run.kind].is_personal or run.by_id == request.user.pk


def _decide(request: HttpRequest, run: ImportRun) -> None:
    who: dict[str, Any] = {"run_id": run.pk, "by": request.user.pk, "now": timezone.now()}
    what = request.POST.get("decision")
    try:
        if what == "drop":
            drop_file(**who)
            note(request, "import", run, run.file_name, after={"kind": run.kind, "state": "dropped"})
            messages.success(request, _("没有导入，文件已删除。"))
        elif what in ("all", "good"):
            take_in(whole=what == "all", **who)
            checked = {name: run.summary.get(name, 0) for name in ("new", "changed", "same", "bad")}
            note(request, "import", run, run.file_name, after={"kind": run.kind, "state": what, **checked})
    except NotFound:
        raise Http404 from None
    except WrongStatus:
        messages.error(request, _("状态已经变了，请看下面现在的情况。"))


def _again(run: ImportRun) -> str:
    """Where the next file of this kind is sent from."""
    if run.invitation_list_id:
        return reverse("admin:booking_invitationlist_show", args=[run.invitation_list_id])
    return f"{reverse('admin:booking_importrun_new')}?kind={run.kind}"


_WHAT = {
    "new": gettext_lazy("新增"),
    "changed": gettext_lazy("改动"),
    "same": gettext_lazy("不变"),
    "bad": gettext_lazy("出错"),
}


def _preview_row(row: dict[str, Any]) -> dict[str, Any]:
    cells = [{"before": before, "after": after, "changed": row["what"] == "changed" and before != after}
             for before, after in row["cells"]]  # fmt: skip
    return {"row": row["row"], "what": row["what"], "word": _WHAT[row["what"]], "cells": cells}


def _frame(model_admin: Any, request: HttpRequest, title: str) -> dict[str, Any]:
    return {**model_admin.admin_site.each_context(request), "opts": model_admin.opts, "title": title}
