"""A community bot for a county's youth organisation."""
