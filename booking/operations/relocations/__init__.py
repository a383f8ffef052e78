"""The city moves people: everybody gets an equal or better place, and may say whether it suits."""
