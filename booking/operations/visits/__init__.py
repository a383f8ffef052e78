"""The visit from the questions to the end of the observation."""
