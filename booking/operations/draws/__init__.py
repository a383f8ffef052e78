"""A release by lot: announced, entered, closed, drawn, and its places given as appointments."""
