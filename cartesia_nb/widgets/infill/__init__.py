"""The infill editor: other words in a recording, in the same voice."""
