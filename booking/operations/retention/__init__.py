"""What is over is erased or made anonymous: each step knows what is over, and how it goes."""
