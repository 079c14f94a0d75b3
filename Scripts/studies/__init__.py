"""What the two studies are made of; `make_digits_study.py` and `make_shapes_study.py` above make them."""
