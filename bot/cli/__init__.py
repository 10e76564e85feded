"""The parts of the command line; `bot/__main__.py` puts them together."""
