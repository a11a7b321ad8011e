"""An offline stand-in for the Cartesia API on the loopback interface, with real speech.

It is not Cartesia: its answers say so in their ``Server`` header, and its voices are its own.
Start it with ``python -m cartesia_nb.sandbox``, or from Python with `cartesia_nb.sandbox.launch.start`.
"""
