"""Pictures that carry their credential (OB 3.0, section 5.3; OB 2.0 Baking): `png` and `svg`."""
