"""Speech for the sandbox, in and out. Nothing here knows of HTTP but `recording`, which reads uploads."""
