"""Explorers: each a state (what torch computes), a picture (its parts) and a thin widget."""
