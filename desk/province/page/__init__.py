"""The page of the province's office: rendered here, works without JavaScript, changes nothing."""
