"""What an attacker sends: URLs that lead inside, documents that cost, files that are broken."""
