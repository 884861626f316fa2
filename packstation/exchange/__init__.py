"""Shop files in and out."""
