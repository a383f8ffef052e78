"""The texts of messages: every kind and language, the system's or the city's own, changed after a look at a sample."""

import hashlib
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_base import ReadOnlyAdmin
from accounts.audited import note
from booking.models import MessageTemplate
from booking.notifications import KINDS
from booking.notifications.kinds import Placeholder, spoken
from booking.operations.messages.write_text import use_system_text, write_text
from booking.queries.message_texts import (
    TextFacts,
    history_of,
    message_text,
    message_texts,
    name_in_trail,
    sample_of,
)
from booking.rules.message_texts import LONGEST, Problem, problems_with


class TextForm(forms.Form):
    """The words, checked against what a text of the kind may and must name."""

    text = forms.CharField(
        label=gettext_lazy("正文"),
        strip=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": LONGEST, "aria-describedby": "placeholders"}),
    )
    # Which text the page showed: somebody else may have changed it since.
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, said: QueryDict | None, *, facts: TextFacts) -> None:
        super().__init__(said, initial={"text": facts.text, "seen": _digest(facts.text)})
        self._facts = facts

    def clean_text(self) -> str:
        # Browsers send line ends of two signs; a text message is one line.
        text = " ".join(self.cleaned_data["text"].split())
        kind = KINDS[self._facts.kind]
        found = problems_with(text, allowed=[one.name for one in kind.placeholders], needed=kind.needed)
        if found:
            raise forms.ValidationError([_said(problem) for problem in found])
        return text

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("seen") != _digest(self._facts.text):
            raise forms.ValidationError(_("别人刚改过这段正文。请刷新，在新的正文上再改。"))
        return found


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _said(problem: Problem) -> str:
    names = "、".join(f"{{{name}}}" for name in problem.names)
    return {
        "empty": _("请填写正文，或恢复系统正文。"),
        "too_long": _("最多 %(n)d 个字。") % {"n": LONGEST},
        "unknown": _("没有这些占位符：%(names)s。只能用下面列出的。") % {"names": names},
        "missing": _("少了必须有的占位符：%(names)s。没有它们，收到的人不知道是哪一次。") % {"names": names},
        "brace": _("花括号只能用在占位符上，例如 {name}；其他写法不会执行，请删去。"),
    }[problem.code]


@admin.register(MessageTemplate)
class MessageTemplateAdmin(ReadOnlyAdmin):
    """The list is of all kinds, whether the city has words of its own for them or not."""

    def get_urls(self) -> list[URLPattern]:
        """Beside Django's own: the page of one text."""
        view = self.admin_site.admin_view(self.text_view)
        name = "booking_messagetemplate_text"
        return [path("<slug:message_kind>/<slug:language>/", view, name=name), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Every kind in every language, with what it says and how long that is."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self._page(request, "list", _("消息模板"), texts=message_texts())

    def text_view(self, request: HttpRequest, message_kind: str, language: str) -> HttpResponse:
        """Look at a text, try other words on a sample, save them, or go back to the system's."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        facts = message_text(message_kind, language)
        if facts is None:
            raise Http404
        may_change = request.user.has_perm("booking.change_messagetemplate")
        if request.method == "POST" and not may_change:
            raise PermissionDenied
        if request.method == "POST" and "system" in request.POST:
            return self._back_to_system(request, facts)
        form = TextForm(request.POST if request.method == "POST" else None, facts=facts)
        is_good = form.is_valid()
        if is_good and "save" in request.POST:
            return self._save(request, facts, form.cleaned_data["text"])
        tried = form.cleaned_data["text"] if is_good else facts.text
        sample, length = sample_of(facts.kind, language, tried)
        return self._page(
            request,
            "text",
            f"{facts.kind.label} · {dict(settings.LANGUAGES)[language]}",
            facts=facts,
            form=form,
            tried=is_good,
            sample=sample,
            length=length,
            may_change=may_change,
            placeholders=_placeholders(facts),
            history=history_of(facts.kind, language),
        )  # fmt: skip

    def _save(self, request: HttpRequest, facts: TextFacts, text: str) -> HttpResponse:
        assert request.user.pk is not None
        if text != facts.text:
            write_text(
                kind=facts.kind, language=facts.language, text=text, by=request.user.pk, now=timezone.now()
            )  # fmt: skip
            self._note(request, facts, text)
        messages.success(request, _("已保存。以后发的消息用这段正文。"))
        return HttpResponseRedirect(_address(facts))

    def _back_to_system(self, request: HttpRequest, facts: TextFacts) -> HttpResponse:
        if use_system_text(kind=facts.kind, language=facts.language):
            self._note(request, facts, facts.system)
        messages.success(request, _("已恢复系统正文。原来的在下面的记录里。"))
        return HttpResponseRedirect(_address(facts))

    def _note(self, request: HttpRequest, facts: TextFacts, after: str) -> None:
        what, label = name_in_trail(facts.kind, facts.language), f"{facts.kind.label} {facts.language}"
        note(request, "change", what, label, before={"text": facts.text}, after={"text": after})

    def _page(self, request: HttpRequest, name: str, title: str, **more: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            # What leaves by a provider that sends approved texts only does not change by what is written here.
            "is_approved_elsewhere": settings.SMS_CHANNEL in ("aliyun", "tencent"),
            **more,
        }
        return TemplateResponse(request, f"admin/booking/messagetemplate/{name}.html", context)


def _placeholders(facts: TextFacts) -> list[tuple[Placeholder, bool, str]]:
    """Each with whether it must be there, and with its sample."""
    kind = KINDS[facts.kind]
    return [
        (one, one.name in kind.needed, spoken(one.sample[facts.language], facts.language)) for one in kind.placeholders
    ]


def _address(facts: TextFacts) -> str:
    return reverse("admin:booking_messagetemplate_text", args=[facts.kind.value, facts.language])
