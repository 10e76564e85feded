"""What the sandbox promises: that it behaves as Telegram does."""
