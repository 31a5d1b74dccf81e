"""A real image to classify pixel by pixel."""

import numpy as np
import torch
from matplotlib.cbook import get_sample_data

LEVELS = (0.05, 0.35, 0.60, 0.85)  # brightness of black, dark, grey and bright


def mri_slice() -> torch.Tensor:
    """A slice of a human head as brightness from 0 to 1, of shape (128, 128), float32.

    Every second pixel of the magnetic resonance image that matplotlib ships.

    Source: matplotlib's sample data, "s1045.ima.gz".

    Example:
        >>> mri_slice().shape
        torch.Size([128, 128])
    """
    with get_sample_data("s1045.ima.gz") as file:
        image = np.frombuffer(file.read(), dtype=">u2").reshape(256, 256)[::2, ::2]
    return torch.from_numpy(image.astype(np.float32) / image.max())


def brightness_call(
    sharpness: float = 40,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The slice, logits and a target by two rules: no network, and nobody's labels.

    The nearer a pixel's brightness is to a class's level, the higher that class's logit. Its target
    is the level nearest to the mean of the 3 × 3 pixels around it.

    Args:
        sharpness: how fast logits fall with the squared distance from a level.

    Returns:
        image (H, W), logits (1, C, H, W) and target (1, H, W); H = W = 128, C = 4.

    Example:
        >>> image, logits, target = brightness_call()
        >>> logits.shape, target.shape
        (torch.Size([1, 4, 128, 128]), torch.Size([1, 128, 128]))
    """
    image, levels = mri_slice(), torch.tensor(LEVELS).view(1, 4, 1, 1)
    logits = (-sharpness * (image - levels) ** 2).round(decimals=2)
    smooth = torch.nn.functional.avg_pool2d(image[None, None], 3, stride=1, padding=1)
    return image, logits, (smooth - levels).abs().argmin(dim=1)
