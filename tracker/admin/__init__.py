"""The back office: data entry for every model, by the same rights and actions as the pages."""
