"""招商作战: what each team promised, and how far it has got."""
