"""What runs when. `manage.py install_schedules` puts this into the queue's table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A job by its dotted name, every so many minutes."""

    name: str
    job: str
    minutes: int


SCHEDULES = (
    Scheduled("send messages", "booking.jobs.send_messages", 1),
    Scheduled("send reminders", "booking.jobs.send_reminders", 5),
    Scheduled("release places", "booking.jobs.release_places", 1),
    Scheduled("release portions", "booking.jobs.release_portions", 1),
    Scheduled("count queues", "booking.jobs.count_queues", 1),
    Scheduled("mark no-shows", "booking.jobs.mark_no_shows", 1),
    Scheduled("reconcile", "booking.jobs.reconcile", 1),
    Scheduled("advance leftovers", "booking.jobs.advance_leftovers", 1),
    Scheduled("advance draws", "booking.jobs.advance_draws", 1),
    Scheduled("give back later doses", "booking.jobs.give_back_later_doses", 5),
    Scheduled("tell due doses", "booking.jobs.tell_due_doses", 30),
    Scheduled("count figures", "booking.jobs.count_figures", 10),
    Scheduled("watch city", "booking.jobs.watch_city", 1),
    Scheduled("notice bulk accounts", "booking.jobs.notice_bulk_accounts", 60),
    Scheduled("tidy", "booking.jobs.tidy", 720),
    Scheduled("erase what is over", "booking.jobs.erase_what_is_over", 60),
)
