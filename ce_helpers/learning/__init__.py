"""Questions, exercises and cards, and what is said to an answer."""
