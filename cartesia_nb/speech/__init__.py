"""Speech as a thing to hear, see, measure and save."""
