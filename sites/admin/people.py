"""Who works where, in the admin."""

from django.contrib import admin

from sites.admin.scoped import ScopedAdmin
from sites.models import StaffMember


@admin.register(StaffMember)
class StaffMemberAdmin(ScopedAdmin):
    list_display = ["user", "site", "role", "is_active"]
    list_filter = ["role", "is_active"]
    list_select_related = ["user", "site"]
    search_fields = ["user__username__startswith", "site__code", "site__name"]
    autocomplete_fields = ["site"]
    raw_id_fields = ["user"]
