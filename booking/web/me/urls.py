"""A citizen's own: records, data, settings, and taking over oneself from somebody else's account."""

from django.urls import path

from booking.web.me import appeal, data, delete, hand_over, records, settings

urlpatterns = [
    path("me/records/", records.records, name="records"),
    path("me/records/<uuid:patient_id>/", records.record_slip, name="record_slip"),
    path("me/data/", data.my_data, name="my_data"),
    path("me/data/my-data.json", data.download_json, name="download_json"),
    path("me/data/my-data.zip", data.download_zip, name="download_zip"),
    path("me/looks/", data.who_looked, name="who_looked"),
    path("me/settings/", settings.my_settings, name="my_settings"),
    path("me/appeal/", appeal.appeal, name="appeal"),
    path("me/sign-out-everywhere/", settings.sign_out_everywhere, name="sign_out_everywhere"),
    path("me/delete/", delete.delete, name="delete_account"),
    path("me/deleted/", delete.deleted, name="account_deleted"),
    path("me/hand-over/<uuid:patient_id>/", hand_over.hand_over, name="hand_over"),
    path("me/take-over/", hand_over.take_over, name="take_over"),
]
