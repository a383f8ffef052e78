"""The queue of a release: its page, its state, joining with and without a script, and coming from a choice."""

from django.urls import path

from booking.web.queue import joining, page

urlpatterns = [
    path("queue/<int:queue_id>/", page.queue, name="queue"),
    path("queue/<int:queue_id>/state.json", page.state, name="queue_state"),
    path("queue/<int:queue_id>/from/", joining.come_from, name="queue_from"),
    path("queue/<int:queue_id>/join.json", joining.join_by_script, name="queue_join"),
    path("queue/<int:queue_id>/stand/", joining.stand, name="queue_stand"),
]
