"""Django's SQLite engine, told how many parameters the library at hand takes in one statement."""
