"""Players and forms: what a person uses with mouse, keyboard or screen reader."""
