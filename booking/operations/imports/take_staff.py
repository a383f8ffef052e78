"""Rows of posts: which account works at which site, as what. Accounts are invited, never made by a file."""

from typing import Any

from booking.operations.imports.known import Known, texts
from booking.operations.imports.taking import Row, Taking
from booking.queries.sheets.kinds import StaffSheet
from booking.rules.cells import code
from sites.models import StaffMember


class TakingStaff(Taking, StaffSheet):
    """A post is found by account, site and role."""

    unasked = ("user", "site")

    class Meta(StaffSheet.Meta):
        use_bulk = True
        skip_diff = True
        skip_html_diff = True

    def key_parts(self, row: Row) -> tuple[Any, ...]:
        return code(row.get("account", "")), code(row.get("site", "")), self.fields["role"].clean(row)

    def find(self, rows: list[Row], *, locked: bool) -> None:
        self.known = Known(self.scope, site_codes=texts(rows, "site"), accounts=texts(rows, "account"))
        posts = StaffMember.objects.filter(
            self.scope.of_sites("site"),
            user__username__in=texts(rows, "account"),
            site__code__in=texts(rows, "site"),
        )
        posts = posts.select_related("user", "site").order_by("pk")
        posts = posts.select_for_update(of=("self",)) if locked else posts
        self.there = {(post.user.username, post.site.code, post.role): post for post in posts}
