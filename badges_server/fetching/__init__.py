"""What the service asks of strangers: URLs, DID documents, status lists, with limits on size, time and address."""
