"""JSON Object Signing and Encryption, as far as badges need it (RFC 7515, 7517, 7518, 8037)."""
