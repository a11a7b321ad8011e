"""Speech for the sandbox: text in, samples out. Nothing here knows of HTTP."""
