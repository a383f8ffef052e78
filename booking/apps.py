from django.apps import AppConfig
from django.urls import register_converter
from django.utils.translation import gettext_lazy as _


class Reference:
    """Twelve digits in an address; anything else is not an address of ours."""

    regex = "[0-9]{12}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class BookingConfig(AppConfig):
    name = "booking"
    verbose_name = _("预约")

    def ready(self) -> None:
        # Before any addresses are read: pages and API both use it.
        register_converter(Reference, "reference")
