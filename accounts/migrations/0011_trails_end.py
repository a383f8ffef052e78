"""Who looked and who changed what is kept for three years at least: only an older entry may be deleted, none changed."""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION refuse_to_change_look_ups() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.at < now() - interval '3 years' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""
UNGUARD = """
CREATE OR REPLACE FUNCTION refuse_to_change_look_ups() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    # The release before neither changes nor deletes any of these rows, and the triggers are exchanged in a moment.
    is_safe_beside_the_release_before = True
    dependencies = [("accounts", "0010_fair_release")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
