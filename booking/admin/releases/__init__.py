"""When places become bookable: rules, timeline, dry run, and the switch that pauses everything."""
