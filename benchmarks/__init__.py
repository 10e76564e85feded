"""The figures that the README quotes, each by one command, beside those of other ways to write a bot."""
