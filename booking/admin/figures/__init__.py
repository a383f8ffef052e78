"""Figures: heatmaps, bookings, no-shows, lead times."""
