"""The screens of the province's office: what its web page shows, in a terminal; they change nothing."""
