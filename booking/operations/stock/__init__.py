"""Batches at a site: received, used, wasted, returned; and the day's end, when they are counted."""
