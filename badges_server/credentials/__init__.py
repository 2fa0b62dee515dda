"""What a badge is: the pure core. No framework, database, disk, clock, randomness or network in here."""
