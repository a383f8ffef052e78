"""The pages of a list: making one, looking at it, what it would say."""

from dataclasses import asdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audited import note
from accounts.masking import masked_phone
from booking.admin.invitations import words
from booking.admin.invitations.forms import FORMS, PeopleFile
from booking.models import InvitationList, InvitationSource
from booking.operations.imports.read_file import MOST_BYTES
from booking.operations.imports.table import MOST_ROWS
from booking.operations.invitations.make_list import make_list
from booking.queries.invitations.lists import SENDING, WITHDRAWN, figures, preview, stage, taken_off
from booking.queries.invitations.samples import samples
from booking.rules.invitations import UNDO, can_take_back


def new_view(model_admin: Any, request: HttpRequest) -> HttpResponse:
    """The form of one of the two kinds of lists; posted, it becomes a list that nobody is told of yet."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    source = request.POST.get("source") or request.GET.get("source") or InvitationSource.IMPORTED
    if source not in FORMS:
        raise Http404
    initial: dict[str, Any] = {"programme": request.GET.get("programme"), "by": timezone.localdate()}
    form = FORMS[source](request.POST) if request.method == "POST" else FORMS[source](initial=initial)
    if request.method == "POST" and form.is_valid():
        found, due = form.cleaned_data, form.due()
        made = make_list(
            programme=found["programme"],
            name=found["name"],
            expires_at=form.expires_at,
            due=due,
            by=request.user.pk or 0,
            now=timezone.now(),
        )
        facts = {"programme": made.programme.code, "source": source, "people": made.invitations.count()}
        asked = {name: str(value) for name, value in asdict(due).items() if value not in ("", None)} if due else {}
        note(request, "add", made, str(made), after={**facts, **asked})
        return HttpResponseRedirect(reverse("admin:booking_invitationlist_show", args=[made.pk]))
    context = {
        **frame(model_admin, request, _("建邀请名单")),
        "form": form,
        "source": source,
        "sources": [(value, label) for value, label in InvitationSource.choices],
    }
    return TemplateResponse(request, "admin/booking/invitationlist/new.html", context)


def show_view(model_admin: Any, request: HttpRequest, list_id: int) -> HttpResponse:
    """Before it is sent: who is on it and what that means. Afterwards: how far it is and what has come of it."""
    one, now = list_of(model_admin, request, list_id), timezone.now()
    number = one.invitations.count()
    state = stage(one, number, now=now)
    sign, word = words.STAGES[state]
    context = {
        **frame(model_admin, request, one.name),
        "list": one,
        "people": words.people(number),
        "number": number,
        "stage": state,
        "sign": sign,
        "word": word,
        "working": state == SENDING,
        "may_change": request.user.has_perm("booking.change_invitationlist"),  # type: ignore[union-attr]
        "can_put_back": can_take_back(one.withdrawn_at, now=now),
        "is_over": one.expires_at <= now,
        "file_form": PeopleFile(),
        "files": list(one.files.defer("content").order_by("-created_at")) if one.source == "imported" else [],
        "most_rows": MOST_ROWS,
        "most_megabytes": MOST_BYTES // 1024**2,
        "taken_off": [(row, _told(row)) for row in taken_off(one, since=now - UNDO)],
    }
    if one.sent_at is None and state != WITHDRAWN:
        seen = preview(one, now=now)
        context |= {"counts": words.counts(seen), "warnings": words.warnings(seen)}
    elif one.sent_at is not None:
        context |= {"counts": words.results(figures(one))}
    return TemplateResponse(request, "admin/booking/invitationlist/show.html", context)


def progress_view(model_admin: Any, request: HttpRequest, list_id: int) -> JsonResponse:
    """How far it is, for the page's script."""
    one = list_of(model_admin, request, list_id)
    number = one.invitations.count()
    answer = JsonResponse({"state": stage(one, number, now=timezone.now()), "done": one.done, "total": number})
    answer["Cache-Control"] = "no-store"
    return answer


def samples_view(model_admin: Any, request: HttpRequest, list_id: int) -> HttpResponse:
    """The dry run: three messages as they would leave. Nothing here changes anything."""
    one = list_of(model_admin, request, list_id)
    context = {
        **frame(model_admin, request, _("样例：会发出什么")),
        "list": one,
        "samples": samples(one),
    }
    return TemplateResponse(request, "admin/booking/invitationlist/samples.html", context)


def list_of(model_admin: Any, request: HttpRequest, list_id: int) -> InvitationList:
    """The list, if there is one that this administrator may look at."""
    if not request.user.has_perm("booking.view_invitationlist"):  # type: ignore[union-attr]
        raise PermissionDenied
    rows = model_admin.get_queryset(request).select_related("programme", "made_by")
    one: InvitationList | None = rows.filter(pk=list_id).first()
    if one is None:
        raise Http404
    return one


def frame(model_admin: Any, request: HttpRequest, title: str) -> dict[str, Any]:
    """What every page of a list has."""
    return {**model_admin.admin_site.each_context(request), "opts": model_admin.opts, "title": title}


def _told(row: Any) -> str:
    return masked_phone(str(row.phone)) if row.phone else _("没有手机号")
