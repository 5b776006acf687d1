"""What is taken along of each list as a sheet: its columns, and the words of the last line."""
