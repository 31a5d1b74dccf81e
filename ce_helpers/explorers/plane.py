"""The plane that points lie in, and the region of each class of a linear model."""

REACH = 4.2  # how far the plane is seen
CORNERS = ((-REACH, -REACH), (REACH, -REACH), (REACH, REACH), (-REACH, REACH))


def regions(weight: list[list[float]], bias: list[float]) -> list[list[list[float]]]:
    """Where each class has the largest logit: a polygon's corners, none where it has nowhere.

    training.js is the twin. Where all logits are equal the plane is nobody's.
    """
    found = []
    for own in range(3):
        polygon = [list(corner) for corner in CORNERS]
        for other in range(3):
            if other != own:
                sides = [weight[d][own] - weight[d][other] for d in range(2)]
                polygon = _clipped(polygon, *sides, bias[own] - bias[other])
        found.append(polygon)
    return found


def _clipped(polygon, a: float, b: float, c: float) -> list[list[float]]:
    """The part of a polygon where ax + by + c > 0."""
    heights = [a * x + b * y + c for x, y in polygon]
    kept = []
    for k, ((x, y), height) in enumerate(zip(polygon, heights, strict=True)):
        (x2, y2), next_height = polygon[(k + 1) % len(polygon)], heights[(k + 1) % len(polygon)]
        if height > 0:
            kept.append([x, y])
        if (height > 0) != (next_height > 0):
            share = height / (height - next_height)
            kept.append([x + share * (x2 - x), y + share * (y2 - y)])
    return kept
