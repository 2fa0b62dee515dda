"""The checks of Open Badges 3.0 credentials, endorsements and status lists: one module per group."""
