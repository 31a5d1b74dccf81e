"""What all widgets without a live picture share."""
