"""The ledger (项目台账) as a sheet: columns, reading, writing, template, and a copy with its faults."""
