"""What the service does: one module per use case; plain functions; the caller opens the transaction."""
