"""Places that are kept for second and later doses: who may have them, how they are taken, when they go back."""
