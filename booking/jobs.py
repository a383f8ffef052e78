"""What the queue runs. Each reads the clock, makes one call, and may run twice without harm."""

from datetime import date
from uuid import UUID

from django.utils import timezone

from booking.operations.count_figures import count_figures as _count_figures
from booking.operations.draws.advance import advance_draws as _advance_draws
from booking.operations.draws.run import carry_on as _carry_on_draw
from booking.operations.freed_places.release_places import release_places as _release_places
from booking.operations.imports.work import work_on_import as _work_on_import
from booking.operations.invitations.send import carry_on as _send_invitations
from booking.operations.later_doses.give_back import give_back_later_doses as _give_back_later_doses
from booking.operations.later_doses.tell_due import tell_due as _tell_due
from booking.operations.queues.count import count_queues as _count_queues
from booking.operations.quotas.apply_change import carry_on as _carry_on
from booking.operations.reconcile import reconcile as _reconcile
from booking.operations.releases.release_portions import release_portions as _release_portions
from booking.operations.retention.erase import erase_at_night as _erase_at_night
from booking.operations.send_messages import send_messages as _send_messages
from booking.operations.send_reminders import send_reminders as _send_reminders
from booking.operations.tidy import tidy as _tidy
from booking.operations.touts.notice import notice_bulk_accounts as _notice_bulk_accounts
from booking.operations.waitlist.advance_leftovers import advance_leftovers as _advance_leftovers
from booking.operations.walk_ins.mark_no_shows import mark_no_shows as _mark_no_shows
from booking.operations.watch_city import watch_city as _watch_city


def send_messages() -> int:
    """Send what is due."""
    return _send_messages(now=timezone.now())


def send_reminders() -> int:
    """Have everybody reminded whose reminder is due."""
    return _send_reminders(now=timezone.now())


def release_places() -> int:
    """Pass on the freed places that are due: to the waitlist, or back to everybody."""
    return _release_places(now=timezone.now())


def release_portions() -> int:
    """Put out the portions of the release that are due."""
    return _release_portions(now=timezone.now())


def count_queues() -> int:
    """Write down how many people stand in the queues of releases."""
    return _count_queues(now=timezone.now())


def mark_no_shows() -> int:
    """Mark whoever did not come."""
    return _mark_no_shows(now=timezone.now())


def reconcile() -> str:
    """Make the gate agree with the ledger."""
    done = _reconcile(now=timezone.now())
    return f"{len(done.repaired)} of {done.looked_at} slots repaired"


def tidy() -> str:
    """Drop what nobody needs any more: ended slots at the gate, old request keys, expired sign-outs."""
    return _tidy(now=timezone.now())


def erase_what_is_over() -> str:
    """At night, erase or make anonymous what need not be kept any longer."""
    return _erase_at_night(now=timezone.now())


def change_quotas(change_id: str) -> None:
    """Carry out the next steps of a bulk change, or of its undo."""
    _carry_on(change_id=UUID(change_id), now=timezone.now())


def work_on_import(run_id: str) -> None:
    """Check or take in the next rows of a file."""
    _work_on_import(run_id=UUID(run_id), now=timezone.now())


def count_figures(*days: str) -> str:
    """Count the figures of the first few days, and have the rest counted after them."""
    written = _count_figures(*(date.fromisoformat(day) for day in days), now=timezone.now())
    return f"{written} figures have changed"


def advance_leftovers() -> str:
    """Pass on what was not answered in time, ask the next people, and end rounds whose time has come."""
    return f"{_advance_leftovers(now=timezone.now())} people asked"


def notice_bulk_accounts() -> str:
    """Write down accounts that look like many in one hand, for a person to look at."""
    return f"{_notice_bulk_accounts(now=timezone.now())} accounts to look at"


def send_invitations(list_id: str) -> None:
    """Write the messages of the next people of a list."""
    _send_invitations(list_id=int(list_id), now=timezone.now())


def advance_draws() -> str:
    """Enter the losers of rounds into the next, close draws whose time has come, and go on with those being drawn."""
    return f"{_advance_draws(now=timezone.now())} draws advanced"


def carry_on_draw(draw_id: str) -> None:
    """Draw, and give the next of the places."""
    _carry_on_draw(draw_id=UUID(draw_id), now=timezone.now())


def give_back_later_doses() -> str:
    """Give the places back to everybody that nobody took for a later dose."""
    return f"{_give_back_later_doses(now=timezone.now())} slots"


def tell_due_doses() -> str:
    """In the morning, tell people that their next dose is due."""
    return f"{_tell_due(now=timezone.now())} people told"


def watch_city() -> str:
    """Write down the city's minute, and raise and end its alerts."""
    return _watch_city(now=timezone.now())
