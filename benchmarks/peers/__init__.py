"""Bots as the documentation of their libraries would have them, for comparison. Each is a process of its own."""
