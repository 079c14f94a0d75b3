"""The pictures of the shapes study: scenes of coloured shapes on a grid of nine cells, and what can happen to them.

Pictures are arrays of 36 x 36 x 3 in [0, 1]. A scene is drawn four times as large and averaged: edges are smooth.
"""

from typing import NamedTuple

import numpy as np
import scipy.ndimage

from studies.shapes_questions import COLOURS, SHAPES, SIZES

GRID = 3
CELL = 12
SIDE = GRID * CELL
SAMPLES = 4                     # subpixels along a side

INK = {"red": (0.84, 0.14, 0.16), "orange": (0.95, 0.55, 0.12), "yellow": (0.93, 0.86, 0.18),
       "green": (0.18, 0.62, 0.26), "blue": (0.16, 0.32, 0.80), "purple": (0.55, 0.22, 0.65)}
INK_SPREAD = 0.05               # of an object's ink about its colour
RADIUS = {"small": (2.5, 3.2), "large": (4.4, 5.2)}
PAPER = (0.93, 0.92, 0.90)
PAPER_SPREAD = 0.02

OBJECT_COUNT = {"usual": (2, 5), "crowded": (6, 8)}


class Thing(NamedTuple):
    cell: int                   # 0 … 8, in reading order
    shape: str
    colour: str
    size: str


def drawn_scene(random, domain):
    """The things of a scene, in reading order."""
    low, high = OBJECT_COUNT.get(domain, OBJECT_COUNT["usual"])
    cells = sorted(random.permutation(GRID * GRID)[:random.integers(low, high + 1)].tolist())
    return [Thing(cell, SHAPES[random.integers(len(SHAPES))], COLOURS[random.integers(len(COLOURS))],
                  SIZES[random.integers(len(SIZES))])
            for cell in cells]


def covered(shape, down, across, radius, outlined):
    """Which points, relative to a centre, a shape covers."""
    def inside(scale):
        reach = radius * scale
        if shape == "circle":
            return np.hypot(down, across) <= reach
        if shape == "square":
            return np.maximum(abs(down), abs(across)) <= 0.88 * reach
        if shape == "triangle":
            return (down <= 0.8 * reach) & (abs(across) <= (down + reach) * 0.56)
        arm = 0.36 * reach
        return ((abs(down) <= arm) & (abs(across) <= reach)) | ((abs(across) <= arm) & (abs(down) <= reach))

    return inside(1.0) & ~inside(0.55) if outlined else inside(1.0)


def picture(things, random, domain):
    """A scene on paper: every thing somewhere in its cell, in an ink of its own."""
    side, cell = SIDE * SAMPLES, CELL * SAMPLES
    down, across = (np.mgrid[0:side, 0:side] + 0.5) / SAMPLES
    within_down, within_across = down[:cell, :cell], across[:cell, :cell]
    canvas = np.broadcast_to(np.array(PAPER), (side, side, 3)) + random.normal(0, PAPER_SPREAD, 3)
    if domain == "patterned":
        angle, period = random.uniform(0, np.pi), random.uniform(3, 6)
        stripes = np.sin(2 * np.pi * (down * np.cos(angle) + across * np.sin(angle)) / period) > 0
        canvas = np.where(stripes[..., None], canvas * random.uniform(0.55, 0.8, 3), canvas)
    canvas = np.array(canvas)
    for thing in things:
        radius = random.uniform(*RADIUS[thing.size])
        room = max(CELL / 2 - radius, 0.0)
        centre = CELL / 2 + random.uniform(-room, room), CELL / 2 + random.uniform(-room, room)
        ink = np.array(INK[thing.colour]) + random.normal(0, INK_SPREAD, 3)
        if domain == "pastel":
            ink = 0.45 * ink + 0.55 * np.array(PAPER)
        mask = covered(thing.shape, within_down - centre[0], within_across - centre[1], radius,
                       outlined=domain == "outlined")
        row, column = divmod(thing.cell, GRID)
        canvas[row * cell:(row + 1) * cell, column * cell:(column + 1) * cell][mask] = ink
    return np.clip(canvas.reshape(SIDE, SAMPLES, SIDE, SAMPLES, 3).mean(axis=(1, 3)), 0.0, 1.0)


# What can happen to a picture, by severity

NOISE = {1: 0.06, 3: 0.15, 5: 0.35}             # standard deviation
BLUR = {1: 0.9, 3: 1.5, 5: 3.0}                 # standard deviation of the Gaussian, pixels
PATCHES = {1: 1, 3: 3, 5: 7}                    # grey squares of 8 x 8
CAST = {1: 0.25, 3: 0.5, 5: 0.75}               # share of a light of another colour
ZOOM = {1: 0.92, 3: 0.75}                        # the scene becomes smaller within the frame
PATCH_SIDE = 8


def noisy(image, severity, random):
    return image + random.normal(0, NOISE[severity], image.shape)


def blurred(image, severity, random):
    return scipy.ndimage.gaussian_filter(image, (BLUR[severity], BLUR[severity], 0), mode="nearest")


def occluded(image, severity, random):
    image = image.copy()
    for _ in range(PATCHES[severity]):
        top, left = random.integers(0, SIDE - PATCH_SIDE + 1, 2)
        image[top:top + PATCH_SIDE, left:left + PATCH_SIDE] = random.uniform(0.3, 0.7)
    return image


def recoloured(image, severity, random):
    """Light of another colour: inks shift towards it, and their hues turn."""
    light = np.array(((1.0, 0.55, 0.2), (0.2, 0.6, 1.0), (0.4, 1.0, 0.4))[random.integers(3)])
    share = CAST[severity]
    return image * ((1 - share) + share * light) + 0.15 * share * (light - 0.5)


def smaller(image, severity, random):
    size = round(SIDE * ZOOM[severity])
    zoomed = scipy.ndimage.zoom(image, (size / SIDE, size / SIDE, 1), order=1, grid_mode=True, mode="nearest")
    frame = np.broadcast_to(np.median(image, axis=(0, 1)), image.shape).copy()
    top, left = random.integers(0, SIDE - size + 1, 2)
    frame[top:top + size, left:left + size] = zoomed
    return frame


CORRUPTIONS = {"noise": noisy, "blur": blurred, "occlusion": occluded, "cast": recoloured, "zoom": smaller}
SEVERITIES = {"noise": NOISE, "blur": BLUR, "occlusion": PATCHES, "cast": CAST, "zoom": ZOOM}
VISUAL_CONDITIONS = tuple(f"{name}_{severity}" for name, severities in SEVERITIES.items() for severity in severities)


def shifted(image, condition, random):
    """A picture under a visual condition ("blur_3")."""
    name, severity = condition.rsplit("_", 1)
    return np.clip(CORRUPTIONS[name](image, int(severity), random), 0.0, 1.0)


def cells(images):
    """The nine cells of each picture: (count * 9) x 12 x 12 x 3."""
    count = len(images)
    split = images.reshape(count, GRID, CELL, GRID, CELL, 3).transpose(0, 1, 3, 2, 4, 5)
    return split.reshape(count * GRID * GRID, CELL, CELL, 3)


def silhouettes(cells):
    """How far each pixel is from the usual colour of its cell's rim, moved so that the centre of mass is in the middle:
    count x 144."""
    rim = np.concatenate([cells[:, 0], cells[:, -1], cells[:, :, 0], cells[:, :, -1]], axis=1)
    difference = np.abs(cells - np.median(rim, axis=1)[:, None, None, :]).max(axis=3)
    total = np.maximum(difference.sum(axis=(1, 2)), 1e-9)
    at = np.arange(CELL)
    down = np.rint((CELL - 1) / 2 - difference.sum(axis=2) @ at / total).astype(int)
    across = np.rint((CELL - 1) / 2 - difference.sum(axis=1) @ at / total).astype(int)
    rows, columns = (at[None, :] - down[:, None]) % CELL, (at[None, :] - across[:, None]) % CELL
    moved = difference[np.arange(len(cells))[:, None, None], rows[:, :, None], columns[:, None, :]]
    return moved.reshape(len(cells), -1)
