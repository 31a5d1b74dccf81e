"""The interactive parts, one file each; all of them draw through `live.LiveFigure`."""
