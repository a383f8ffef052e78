import signal
from types import FrameType
from typing import Any, NoReturn

from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError, CommandParser

from booking.management.progress import Progress
from deploy.backups import LAST_BACKUP
from deploy.backups.follow import Follower
from deploy.backups.store import CannotBackUp
from deploy.backups.take import take
from deploy.management.backup_settings import ledger, store


class Command(BaseCommand):
    help = (
        "Copy the whole ledger into BACKUP_FOLDER, encrypted, while it goes on. With --follow: receive every commit as "
        "it is made, until stopped; run this all the time, on another machine than the ledger, and a base each night."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--follow", action="store_true", help="receive what is committed, until stopped")
        parser.add_argument("--list", action="store_true", help="say which backups there are, and do nothing")

    def handle(self, *args: Any, follow: bool, **options: Any) -> None:
        try:
            if options["list"]:
                self._list()
            elif follow:
                self._follow()
            else:
                self._take()
        except CannotBackUp as reason:
            raise CommandError(str(reason)) from None

    def _take(self) -> None:
        where, keep = store()
        copied = Progress("MB of the ledger copied", unit=1e6)
        base = take(where, ledger(), keep=keep, progress=copied.at)
        copied.end()
        cache.set(LAST_BACKUP, base.taken_at.timestamp(), None)
        print(f"{base.name}: {base.size / 1e6:,.1f} MB, encrypted. Every commit until now is in it.")

    def _follow(self) -> None:
        follower = Follower(store()[0], ledger(), say=lambda sentence: print(sentence, flush=True))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stop)
        try:
            follower.start()
            print("Receiving every commit; Ctrl-C stops, and nothing is lost by it.", flush=True)
            follower.run()
        except _Stop:
            pass
        finally:
            follower.stop()

    def _list(self) -> None:
        where, _keep = store()
        bases = where.bases()
        for base in bases:
            pieces = len(where.log_from(base.segment))
            print(f"{base.name}  {base.size / 1e6:10,.1f} MB  and {pieces} pieces of the log since then")
        if not bases:
            print("There is no backup yet: `manage.py backup` takes one.")


class _Stop(BaseException):
    """Somebody asked us to stop."""


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise _Stop
