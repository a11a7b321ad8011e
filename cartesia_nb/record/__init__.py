"""What was asked and answered: store, replay, ledger, provenance."""
