"""The interactive parts; those with a picture draw it through `live.LiveFigure`."""
