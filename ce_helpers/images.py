"""A real image to classify pixel by pixel."""

import numpy as np
import torch
from matplotlib.cbook import get_sample_data


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
