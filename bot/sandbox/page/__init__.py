"""The sandbox's page: a chat in the browser, in which one person plays a whole county."""
