"""The suite; mirrors tracker/ path for path."""
