"""What the network's records are and compute: pure rules, one module per system."""
