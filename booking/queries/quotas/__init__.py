"""What the quota pages show."""
