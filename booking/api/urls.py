"""The booking part of the JSON API, below /api/v1/."""

from django.urls import include, path

from booking.api import (
    appointments,
    draws,
    inbound,
    invitations,
    places,
    queues,
    records,
    rehearsal,
    relocations,
    together,
    waitlist,
)
from booking.api.public import public

urlpatterns = [
    # First, because it is looked for most.
    path("appointments", appointments.appointments),
    path("desk/", include("booking.api.desk.urls")),
    path("districts", public(places.DistrictsView.as_view())),
    path("programmes", public(places.ProgrammesView.as_view())),
    path("sites", public(places.SitesView.as_view())),
    path("sites/<slug:code>/slots", public(places.SlotsView.as_view())),
    path("availability", public(places.AvailabilityView.as_view())),
    path("records", records.RecordsView.as_view()),
    path("appointments/together", together.AppointmentsTogetherView.as_view()),
    path("holds", appointments.HoldsView.as_view()),
    path("holds/together", together.HoldsTogetherView.as_view()),
    path("holds/<str:hold_id>/extend", together.ExtendView.as_view()),
    path("holds/<str:hold_id>", appointments.HoldView.as_view()),
    path("appointments/<reference:reference>", appointments.AppointmentView.as_view()),
    path("appointments/<reference:reference>/calendar.ics", appointments.CalendarView.as_view()),
    path("appointments/<reference:reference>/qr.svg", appointments.QrView.as_view()),
    path("appointments/<reference:reference>/cancel", appointments.CancelView.as_view()),
    path("appointments/<reference:reference>/restore", appointments.RestoreView.as_view()),
    path("appointments/<reference:reference>/move", appointments.MoveView.as_view()),
    path("appointments/<reference:reference>/relocation", relocations.RelocationView.as_view()),
    path("invitations", invitations.InvitationsView.as_view()),
    path("rehearsal", rehearsal.rehearsal),
    path("sms/inbound", inbound.InboundView.as_view()),
    path("queues/<int:queue_id>", public(queues.QueueView.as_view())),
    path("queues/<int:queue_id>/places", queues.QueuePlacesView.as_view()),
    path("waitlist", waitlist.WaitlistView.as_view()),
    path("waitlist/<uuid:entry_id>", waitlist.EntryView.as_view()),
    path("draws", public(draws.DrawsView.as_view())),
    path("draws/<uuid:draw_id>/entries", draws.EnterView.as_view()),
    path("draws/entries", draws.MyEntriesView.as_view()),
    path("draws/entries/<uuid:entry_id>", draws.MyEntryView.as_view()),
    path("offers", waitlist.OffersView.as_view()),
    path("offers/<uuid:offer_id>/accept", waitlist.AcceptView.as_view()),
    path("offers/<uuid:offer_id>/decline", waitlist.DeclineView.as_view()),
]
