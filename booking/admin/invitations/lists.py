"""The lists, and the addresses of everything about one."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from accounts.admin_base import ReadOnlyAdmin
from booking.admin.invitations import acts, pages, words
from booking.models import InvitationList
from booking.queries.invitations.lists import stage
from sites.scope import scope_of


@admin.register(InvitationList)
class InvitationListAdmin(ReadOnlyAdmin):
    list_display = ["shown_name", "programme", "source", "people", "stage_in_words", "expires_at", "sent_at", "made_by"]
    list_display_links = None
    list_filter = ["programme", "source"]
    list_select_related = ["programme", "made_by"]
    search_fields = ["name"]
    change_list_template = "admin/booking/invitationlist/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[InvitationList]:
        # A list is the whole city's: people are not invited by where an administrator sits.
        found: QuerySet[InvitationList] = super().get_queryset(request)
        return found.annotate(n=Count("invitations")) if scope_of(request.user).everywhere else found.none()

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("booking.add_invitationlist") and scope_of(request.user).everywhere  # type: ignore[union-attr]

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("booking.view_invitationlist") and scope_of(request.user).everywhere  # type: ignore[union-attr]

    def get_urls(self) -> list[URLPattern]:
        """Beside Django's own: a page for each thing that is done with a list."""
        return [
            self.own_page("new/", pages.new_view, "new"),
            self.own_page("<int:list_id>/show/", pages.show_view, "show"),
            self.own_page("<int:list_id>/progress/", pages.progress_view, "progress"),
            self.own_page("<int:list_id>/samples/", pages.samples_view, "samples"),
            self.own_page("<int:list_id>/file/", acts.file_view, "file"),
            self.own_page("<int:list_id>/send/", acts.send_view, "send"),
            self.own_page("<int:list_id>/remind/", acts.remind_view, "remind"),
            self.own_page("<int:list_id>/withdraw/", acts.withdraw_view, "withdraw"),
            self.own_page("<int:list_id>/person/", acts.person_view, "person"),
            self.own_page("<int:list_id>/put-back/", acts.put_back_view, "put_back"),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A list is made on its own page."""
        return HttpResponseRedirect(reverse("admin:booking_invitationlist_new"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A list is looked at on its own page."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            return super().change_view(request, object_id, form_url, extra_context)
        return HttpResponseRedirect(reverse("admin:booking_invitationlist_show", args=[row.pk]))

    @admin.display(description=gettext_lazy("名称"), ordering="name")
    def shown_name(self, row: InvitationList) -> str:
        return format_html('<a href="{}">{}</a>', reverse("admin:booking_invitationlist_show", args=[row.pk]), row.name)

    @admin.display(description=gettext_lazy("人数"), ordering="n")
    def people(self, row: InvitationList) -> int:
        return row.n  # type: ignore[attr-defined,no-any-return]

    @admin.display(description=gettext_lazy("状态"))
    def stage_in_words(self, row: InvitationList) -> str:
        sign, word = words.STAGES[stage(row, self.people(row), now=timezone.now())]
        return f"{sign} {word}"
