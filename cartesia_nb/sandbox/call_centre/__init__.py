"""A made-up call centre: agents with calls, deployments and metric results, the same on every start.

Nothing here knows of HTTP. All times lie before `chance.NOW`, all telephone numbers are from the ranges kept
for fiction, and every call has a stream of chance of its own, so that no order of asking changes anything.
"""
