import torch

from ce_helpers import mri_slice


def test_the_slice_is_a_real_image_of_brightness_from_0_to_1():
    image = mri_slice()
    assert image.shape == (128, 128)
    assert image.dtype == torch.float32
    assert (image.min(), image.max()) == (0, 1)
    assert image.unique().numel() > 100
    # the head stands out from the black corners
    assert image[40:90, 40:80].mean() > 0.3
    assert image[:10, :10].mean() < 0.05
