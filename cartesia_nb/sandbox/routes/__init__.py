"""The routes of the sandbox: one module for each section of the API."""
