"""What the city screen shows, and the facts that alerts are judged by."""
