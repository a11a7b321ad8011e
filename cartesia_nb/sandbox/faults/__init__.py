"""Faults on request: answers as a bad day or a bad network gives them, to try clients with.

The header ``Sandbox-Fault: <name>; <parameter>=<value>; ...`` asks for one, on any request over HTTP; without
it nothing is different. Every fault takes ``once=<token>``: it then strikes the first request with that token
alone, so that a retry succeeds. ``after`` counts the bytes of the body that still arrive, half of it unless
told, ``seconds`` is a duration, and ``framing`` is as the answer has it. The table says what becomes of the
request itself: it is done all the same, or not.

===============  ====  =====================================================================
Name             Done  What arrives
===============  ====  =====================================================================
rate-limit       no    429 with ``Retry-After: <seconds>`` (1)
server-error     no    500
unavailable      no    503 with ``Retry-After: <seconds>`` (1)
sunset           no    400, the model is gone: ``model_sunsetted``
html             no    200 with a web page
reset-at-once    no    the connection is reset before any answer
slow-first-byte  yes   nothing for ``seconds`` (5), then the answer
stall            yes   a part of the body, silence for ``seconds`` (600), then the rest
drip             yes   the body byte by byte, with ``seconds`` (0.05) after each
cut              yes   the body ends early; ``framing`` (length, chunked) tells that it does
cut-quietly      yes   the body ends early, and with it the connection: nothing tells
reset            yes   the connection is reset in the middle of the body
broken-json      yes   half of a JSON answer, as if it were whole
half-audio       yes   half of an audio answer, as if it were whole
never-done       yes   an event stream without its last event, as if it were whole
half-event       yes   an event stream that ends inside an event, as if it were whole
error-event      yes   an event stream that ends in the middle, with an error event
===============  ====  =====================================================================
"""
