"""The client: one module for each section of the API, named as the API names it."""
