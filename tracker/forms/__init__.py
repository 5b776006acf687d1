"""Forms validate one row: they clean what people type and say in Chinese what is wrong with it."""
