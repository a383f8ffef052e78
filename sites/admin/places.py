"""Districts and sites in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from sites.admin.scoped import OwnPartFilter, ScopedAdmin
from sites.models import District, Site, StaffMember
from sites.queries import forget_sites


class _Remembered(ScopedAdmin):
    """Saving tells the cached lists that they are out of date."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        forget_sites()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # Appointments and doses point here for years; what is no longer used is switched off.
        return False


@admin.register(District)
class DistrictAdmin(_Remembered):
    # From a district to its sites.
    site_path = "sites"
    list_display = ["code", "name", "name_en"]
    search_fields = ["name", "name_en", "code"]


class StaffInline(admin.TabularInline):
    """Who works here, to look at: the table of staff members is where that is changed."""

    model = StaffMember
    extra = 0
    can_delete = False
    show_change_link = True
    fields = ["user", "role", "is_active"]
    readonly_fields = ["user", "role", "is_active"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[StaffMember]:
        return super().get_queryset(request).select_related("user", "site")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Site)
class SiteAdmin(_Remembered):
    site_path = ""
    list_display = ["code", "name", "district", "street", "quota_per_half_hour", "is_active"]
    list_filter = [("district", OwnPartFilter), "is_active", "step_free", "english"]
    list_select_related = ["district"]
    search_fields = ["code", "name", "name_en"]
    inlines = [StaffInline]
    fieldsets = [
        (None, {"fields": [("code", "is_active"), "name", "name_en", "phone", "quota_per_half_hour"]}),
        ("", {"fields": ["district", "street", "address", ("latitude", "longitude")]}),
        ("", {"fields": [("step_free", "parking", "english")]}),
    ]
