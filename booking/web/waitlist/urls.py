"""Waiting for a place or a leftover dose: the list, joining, leaving, and the answer to an offer."""

from django.urls import path

from booking.web.waitlist import joining, mine, offers

urlpatterns = [
    path("waitlist/", mine.my_waitlist, name="my_waitlist"),
    path("waitlist/join/<uuid:patient_id>/<slug:programme>/", joining.join_waitlist, name="join_waitlist"),
    path("waitlist/<uuid:entry_id>/leave/", mine.leave_waitlist, name="leave_waitlist"),
    path("waitlist/offers/<uuid:offer_id>/", offers.offer, name="offer"),
    path("waitlist/offers/<uuid:offer_id>/accept/", offers.accept_offer, name="accept_offer"),
    path("waitlist/offers/<uuid:offer_id>/decline/", offers.decline_offer, name="decline_offer"),
]
