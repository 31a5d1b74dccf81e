import torch

from ce_helpers import brightness_call, mri_slice


def test_the_slice_is_a_real_image_of_brightness_from_0_to_1():
    image = mri_slice()
    assert image.shape == (128, 128)
    assert image.dtype == torch.float32
    assert (image.min(), image.max()) == (0, 1)
    assert image.unique().numel() > 100
    # the head stands out from the black corners
    assert image[40:90, 40:80].mean() > 0.3
    assert image[:10, :10].mean() < 0.05


def test_its_classes_are_the_nearest_levels_and_differ_from_the_target_at_edges():
    image, logits, target = brightness_call()
    assert torch.equal(image, mri_slice())
    prediction = logits.argmax(dim=1)
    assert prediction[0, image < 0.1].unique().tolist() == [0]
    assert prediction[0, image > 0.8].unique().tolist() == [3]
    wrong = (prediction != target)[0]
    assert wrong.sum() == 1201
    assert not wrong[:10, :10].any()
