"""What the figures pages show."""
