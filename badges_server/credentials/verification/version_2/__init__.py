"""The checks of Open Badges 2.0 assertions, hosted and signed: one module per group."""
