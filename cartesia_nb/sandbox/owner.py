"""Whose the things are that requests make: one account owns them all, whatever the key."""

OWNER = "user_sandbox"
