"""Rows of sites."""

from collections.abc import Iterable
from typing import Any

from booking.operations.imports.known import Known, texts
from booking.operations.imports.taking import Row, Taking
from booking.queries.sheets.kinds import SiteSheet
from booking.rules.cells import BadCell, code
from sites.models import Site


class TakingSites(Taking, SiteSheet):
    """A site is found by its code, in whatever district, so that nobody makes a second one with it."""

    unasked = ("district",)

    class Meta(SiteSheet.Meta):
        use_bulk = True
        skip_diff = True
        skip_html_diff = True

    def key_parts(self, row: Row) -> tuple[Any, ...]:
        return (code(row.get("code", "")),)

    def find(self, rows: list[Row], *, locked: bool) -> None:
        there = Site.objects.filter(code__in=texts(rows, "code")).select_related("district").order_by("pk")
        there = there.select_for_update(of=("self",)) if locked else there
        self.there = {(site.code,): site for site in there}
        self.known = Known(self.scope)

    def after_init_instance(self, instance: Any, new: bool, row: Row, **kwargs: Any) -> None:
        super().after_init_instance(instance, new, row, **kwargs)
        if not new and not self.scope.has_site(instance):
            # Said before anything else, so that no other answer tells that the site exists.
            self._refuse({"code": BadCell("outside")})

    def judge(self, instance: Any, new: bool, row: Row) -> Iterable[tuple[str, BadCell]]:
        if instance.district_id is None:
            yield "district", BadCell("blank")
        for name in ("longitude", "latitude"):
            if getattr(instance, name) is None:
                yield name, BadCell("blank")
