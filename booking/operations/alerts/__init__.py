"""Alerts: raised and ended by facts, claimed and handled by people."""
