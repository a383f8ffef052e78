"""A table of which each administrator sees and changes the rows of their own part of the city only."""

from typing import Any

from django.contrib.admin import RelatedFieldListFilter
from django.db.models import ForeignKey, ManyToManyField, Model, QuerySet
from django.http import HttpRequest

from accounts.admin_base import FastAdmin
from sites.models import District, Site
from sites.scope import Scope, scope_of


class ScopedAdmin(FastAdmin):
    """`site_path` leads from the row to its site ("slot__site"; empty for sites themselves).

    Lists, searches, autocompletes, choices in forms and single rows all start from the same narrowed queryset.
    """

    site_path = "site"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found = super().get_queryset(request)
        scope = scope_of(request.user)
        return found if scope.everywhere else self.narrowed(found, scope)

    def narrowed(self, found: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
        """The rows of the administrator's part of the city; tables without a path to one site say it otherwise."""
        own = found.filter(scope.of_sites(self.site_path))
        # A row is found once for each of its sites. Where it has one only, sorting them all would be for nothing.
        return own.distinct() if _leads_to_many(self.model, self.site_path) else own

    def formfield_for_foreignkey(self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        narrowed = own_choices(db_field.related_model, request)
        if narrowed is not None:
            kwargs.setdefault("queryset", narrowed)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[arg-type]

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        narrowed = own_choices(db_field.related_model, request)
        if narrowed is not None:
            kwargs.setdefault("queryset", narrowed)
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[arg-type]

    def district_of(self, row: Any) -> str:
        """The district of the row's site, or of a row that is a district."""
        if isinstance(row, District):
            return row.code
        for name in filter(None, self.site_path.split("__")):
            row = getattr(row, name, None)
        return row.district_id if isinstance(row, Site) else ""


class OwnPartFilter(RelatedFieldListFilter):
    """A filter by district or site that offers those of the administrator's own part of the city only."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        own = own_choices(field.remote_field.model, request)
        assert own is not None
        return [(row.pk, str(row)) for row in own]

    def has_output(self) -> bool:
        # Django forgets a filter that offers one choice only, and would show all rows for any other.
        return super().has_output() or bool(self.used_parameters)


def _leads_to_many(model: Any, path: str) -> bool:
    for name in filter(None, path.split("__")):
        field = model._meta.get_field(name)
        if field.one_to_many or field.many_to_many:
            return True
        model = field.related_model
    return False


def own_choices(model: Any, request: HttpRequest) -> QuerySet[Model] | None:
    """The sites or districts that the caller may choose; None for any other table."""
    scope = scope_of(request.user)
    if model is Site:
        return Site.objects.filter(scope.of_sites())  # type: ignore[return-value]
    if model is District:
        return District.objects.filter(scope.of_districts()).distinct()  # type: ignore[return-value]
    return None
