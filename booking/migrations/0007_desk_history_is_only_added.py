"""What was done at a desk and what came and went of the stock is history too."""

from django.db import migrations

GUARD = """
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON booking_deskact
  FOR EACH ROW EXECUTE FUNCTION refuse_to_change_history();
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON booking_stockmovement
  FOR EACH ROW EXECUTE FUNCTION refuse_to_change_history();
"""
UNGUARD = """
DROP TRIGGER only_added ON booking_stockmovement;
DROP TRIGGER only_added ON booking_deskact;
"""


class Migration(migrations.Migration):
    dependencies = [("booking", "0006_the_desk")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
