"""What the service remembers: tables, migrations, key files, catalogue files. It decides nothing and never commits."""
