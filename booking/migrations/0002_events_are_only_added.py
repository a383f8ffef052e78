"""History that can be edited is no history: the database itself refuses to change or delete an event."""

from django.db import migrations

GUARD = """
CREATE FUNCTION refuse_to_change_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON booking_appointmentevent
  FOR EACH ROW EXECUTE FUNCTION refuse_to_change_history();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON booking_slotevent
  FOR EACH ROW EXECUTE FUNCTION refuse_to_change_history();
"""
UNGUARD = """
DROP TRIGGER only_added ON booking_slotevent;
DROP TRIGGER only_added ON booking_appointmentevent;
DROP FUNCTION refuse_to_change_history();
"""


class Migration(migrations.Migration):
    dependencies = [("booking", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
