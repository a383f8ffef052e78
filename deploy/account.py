"""The account that PostgreSQL runs under, and its way to its own folder.

PostgreSQL refuses to run as root. An ordinary caller's own account serves; root gets one made for the purpose.
"""

import logging
import os
import pwd
import stat
import subprocess
from pathlib import Path

log = logging.getLogger(__name__)

_NAME = "embedded_postgres"


class NoAccount(Exception):
    """Root has no account to run PostgreSQL under, or it cannot be let in; the message is one sentence."""


def server_account(data: Path) -> tuple[int, int] | None:
    """(user id, group id) to run PostgreSQL under, or None for the caller's own. Raises NoAccount.

    A data folder that an ordinary account made keeps its owner, so that both it and root can start it.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return owner.st_uid, owner.st_gid
    try:
        entry = pwd.getpwnam(_NAME)
    except KeyError:
        entry = _make()
    return entry.pw_uid, entry.pw_gid


def _make() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", _NAME]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        reason = done.stderr.strip()
    except FileNotFoundError:
        reason = "there is no useradd on this machine"
    try:
        # Two starts at once may both try; one of them is told that it exists already, and that is fine.
        return pwd.getpwnam(_NAME)
    except KeyError:
        raise NoAccount(
            f"PostgreSQL does not run as root and no account could be made for it ({reason}); "
            f"start as an ordinary user instead."
        ) from None


def let_pass(account: tuple[int, int], path: Path) -> None:
    """Let the account through the folders above `path`: through and no more, and only where it is shut out."""
    for folder in path.resolve().parents:
        status = folder.stat()
        if status.st_uid == account[0]:
            needed = stat.S_IXUSR
        elif status.st_gid == account[1]:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not status.st_mode & needed:
            try:
                folder.chmod(stat.S_IMODE(status.st_mode) | needed)
            except OSError as error:
                raise NoAccount(f"PostgreSQL's account cannot be let through {folder}: {error.strerror}.") from None
            log.warning("Let PostgreSQL's account pass through %s (it still cannot list it).", folder)


def let_read(installation: Path) -> None:
    """Make the server's program files readable for every account, if a strict umask hid them."""
    program = installation / "bin" / "postgres"
    if program.stat().st_mode & installation.stat().st_mode & 0o005 == 0o005:
        return
    for path in [installation, *installation.rglob("*")]:
        mode = path.stat().st_mode
        runnable = 0o001 if mode & stat.S_IXUSR else 0
        path.chmod(stat.S_IMODE(mode) | 0o004 | runnable)
