"""The only code that opens a connection: session, keys, errors, retries, output formats, versions."""
