"""Who works where and who decides where, in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.addresses import origin_of
from accounts.admin_steps import fresh_code_first
from sites.admin.invite import invite_view, place_errors
from sites.admin.matrix import matrix_view
from sites.admin.scoped import OwnPartFilter
from sites.admin.wording import sentence
from sites.admin.work_accounts import IdleFilter, WorkAccountsAdmin
from sites.models import Administrator, StaffMember
from sites.offices import OfficeRefused, give_office, give_post, take_office, take_post
from sites.scope import Scope


class _AddingAdmin(WorkAccountsAdmin):
    """Adding goes through the operation, and its refusals become words at the top of the form."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if object_id is None and (first := fresh_code_first(request)) is not None:
            return first
        shown = {**(extra_context or {}), "show_save_and_add_another": False, "show_save_and_continue": False}
        try:
            return super().changeform_view(request, object_id, form_url, shown)
        except OfficeRefused as refusal:
            self.message_user(request, sentence(refusal), "ERROR")
            return HttpResponseRedirect(request.path)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        facts = {"by": request.user, "origin": origin_of(request), "now": timezone.now()}
        obj.pk = self.added(obj, **facts).pk

    def added(self, row: Any, **facts: Any) -> Any:
        """Carry out what the form asks for."""
        raise NotImplementedError


@admin.register(StaffMember)
class StaffMemberAdmin(_AddingAdmin):
    list_display = ["name", "user", "site", "role", "is_active", "last_sign_in"]
    list_display_links = ["name", "user"]
    list_filter = ["role", "is_active", IdleFilter, ("site__district", OwnPartFilter)]
    search_fields = [*WorkAccountsAdmin.search_fields, "site__code__exact", "site__name__startswith"]
    search_help_text = gettext_lazy("账号名或姓名的开头，或接种点的编号或名称")
    autocomplete_fields = ["site"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        seen = ["name", "user", "work_phone", "site", "role", "is_active", "last_sign_in"]
        return seen if obj else ["user", "site", "role"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj) if obj else []

    def added(self, row: StaffMember, **facts: Any) -> StaffMember:
        return give_post(user=row.user, site=row.site, role=row.role, **facts)

    def take(self, row: StaffMember, **facts: Any) -> None:
        take_post(post=row, **facts)

    def give(self, row: StaffMember, **facts: Any) -> None:
        give_post(user=row.user, site=row.site, role=row.role, **facts)


class OfficeForm(forms.ModelForm):
    class Meta:
        model = Administrator
        fields = ["user", "role", "district", "site"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for name, error in place_errors(found.get("role"), found.get("district"), found.get("site")).items():
            if name not in self.errors:
                self.add_error(name, error)
        return found


@admin.register(Administrator)
class AdministratorAdmin(_AddingAdmin):
    form = OfficeForm
    list_display = ["name", "user", "role", "place", "is_active", "two_factor", "last_sign_in"]
    list_display_links = ["name", "user"]
    list_filter = ["role", "is_active", IdleFilter]
    list_select_related = ["user", "site__district", "district"]
    autocomplete_fields = ["site"]

    def narrowed(self, found: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
        # An office belongs to a district, or to a site, or to neither.
        return found.filter(Q(district__in=scope.districts) | Q(site__district__in=scope.districts))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ["user", "role", "district", "site"]
        return [
            "name", "user", "work_phone", "role", "place", "is_active", "two_factor", "last_sign_in", "given_by",
            "given_at",
        ]  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj) if obj else []

    @admin.display(description=gettext_lazy("范围"))
    def place(self, row: Administrator) -> str:
        return str(row.site or row.district or "") or str(gettext_lazy("全市"))

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("invite/", self.admin_site.admin_view(self.invite), name="sites_administrator_invite"),
            path("matrix/", self.admin_site.admin_view(self.matrix), name="sites_administrator_matrix"),
        ]
        return [*own, *super().get_urls()]

    def invite(self, request: HttpRequest) -> HttpResponse:
        """Add somebody by phone."""
        return invite_view(self, request)

    def matrix(self, request: HttpRequest) -> HttpResponse:
        """Which role may do what, and where."""
        return matrix_view(self, request)

    def added(self, row: Administrator, **facts: Any) -> Administrator:
        return give_office(user=row.user, role=row.role, district=row.district, site=row.site, **facts)

    def take(self, row: Administrator, **facts: Any) -> None:
        take_office(office=row, **facts)

    def give(self, row: Administrator, **facts: Any) -> None:
        give_office(user=row.user, role=row.role, district=row.district, site=row.site, **facts)
