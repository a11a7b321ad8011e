"""The voice explorer: search, hear and compare thousands of voices."""
