#!/bin/sh
# Carried out once, when the ledger's volume is made: a backup, and a replica, may follow the ledger with the password.
echo "host replication all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
