"""Of a desk's act only what it keeps sealed may be written again: with a new key, or not at all when its time is over.

Everything else of it stays refused, as before.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION refuse_to_change_acts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.facts ? 'sealed' AND to_jsonb(OLD) - 'facts' = to_jsonb(NEW) - 'facts'
     AND OLD.facts - 'sealed' = NEW.facts - 'sealed' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE OR REPLACE TRIGGER only_added BEFORE UPDATE OR DELETE ON booking_deskact
  FOR EACH ROW EXECUTE FUNCTION refuse_to_change_acts();
"""
UNGUARD = """
CREATE OR REPLACE TRIGGER only_added BEFORE UPDATE OR DELETE ON booking_deskact
  FOR EACH ROW EXECUTE FUNCTION refuse_to_change_history();
DROP FUNCTION refuse_to_change_acts();
"""


class Migration(migrations.Migration):
    dependencies = [("booking", "0008_fair_release")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
