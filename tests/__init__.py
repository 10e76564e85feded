"""What the bot promises, one promise a test."""
