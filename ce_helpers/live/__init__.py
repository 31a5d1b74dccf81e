"""One way to a moving picture: matplotlib draws it once, the browser moves it, torch judges it."""
