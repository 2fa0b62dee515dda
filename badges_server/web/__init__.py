"""How people and programs reach the service: one folder per audience. It decides nothing."""
