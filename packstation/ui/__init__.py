"""The window: shows, posts, decides nothing."""
