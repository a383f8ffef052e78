"""The pages of whoever waits for a leftover dose."""
