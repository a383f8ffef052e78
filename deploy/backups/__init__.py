"""Backups of the ledger: a base each night and every commit since, so that a restore ends with the last second.

`take` copies the ledger while it runs, `follow` receives what is committed from then on, `restore` puts both together
on an empty machine. What lies in the folder is encrypted with BACKUP_KEYS, except the newest piece (16 MB) of the log,
which is still being written. The keys are not in it: whoever finds a backup cannot read it, and whoever loses the keys
cannot either. The gate is not backed up, because the ledger fills it.
"""

# Under this name the cache keeps when the last whole base was taken, in epoch seconds: the backup's machine is not one
# that anybody scrapes.
LAST_BACKUP = "backup:base_at"
