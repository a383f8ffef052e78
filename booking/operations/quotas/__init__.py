"""What administrators do to quotas: one slot, a day, or thousands at once."""
