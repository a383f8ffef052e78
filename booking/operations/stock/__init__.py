"""Batches at a site: received, used, wasted, counted."""
