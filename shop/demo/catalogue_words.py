"""What the demo's data does not say: how its attributes are shown, what its colours look like, what stands where."""

BRAND = "Isoline"
MENU = {"prints", "mugs", "notebooks", "t-shirts", "objects"}
HOME = {"terrain", "garden", "slow-shapes", "grids", "orbits", "mugs", "notebooks", "t-shirts"}
NEW = {  # handle → days since it was published
    "three-arches": 6,
    "stitch-mug": 3,
    "quiet-ridge-tee": 11,
    "halftone-moon": 19,
    "quarter-turn-notebook": 24,
}
SEARCH_WORDS = {
    "prints": "poster, posters, wall art, picture, pictures, artwork",
    "mugs": "cup, cups, coffee, tea, beaker",
    "t-shirts": "tee, tees, shirt, tshirt, clothing, apparel",
    "notebooks": "notepad, journal, sketchbook, diary, book",
    "wallpapers": "background, desktop, download",
    "gift-cards": "voucher, gift certificate",
}
ATTRIBUTES: dict[str, dict] = {
    "technique": {"name": "Technique", "is_filter": True},
    "colours": {"name": "Colour", "is_filter": True},
    "orientation": {"name": "Orientation", "is_filter": True},
    "palette": {"name": "Palette"},
    "material": {"name": "Material"},
    "paper": {"name": "Paper"},
    "format": {"name": "Format"},
    "ruling": {"name": "Ruling", "is_filter": True},
    "pages": {"name": "Pages"},
    "binding": {"name": "Binding"},
    "volume_ml": {"name": "Volume", "unit": "ml"},
    "fit": {"name": "Fit"},
    "edition": {"name": "Edition of"},
    "seed": {"name": "Seed"},
    "pixels": {"name": "Pixels"},
    "licence": {"name": "Licence"},
    "care": {"name": "Care", "is_section": True},
}
COLOURS = {  # a choice's name → how it looks, and the plain colour that it is found by
    "Berry": ("#8c2f4f", "red"),
    "Blush": ("#eec3bb", "pink"),
    "Butter": ("#f2d98b", "yellow"),
    "Clay": ("#b5623f", "orange"),
    "Coral": ("#ef7b63", "orange"),
    "Deep sea": ("#1f4e5f", "blue"),
    "Dune": ("#d2a679", "brown"),
    "Ember": ("#c8502b", "orange"),
    "Fjord": ("#3c6e8f", "blue"),
    "Indigo": ("#2f3a6e", "blue"),
    "Mint": ("#a8d5c0", "green"),
    "Moss": ("#6b7a3f", "green"),
    "Oat": ("#d9c9a8", "cream"),
    "Ochre": ("#c98a2b", "gold"),
    "Off-white": ("#f3efe6", "white"),
    "Orchard": ("#7d8f4e", "green"),
    "Pale grey": ("#d6d5d2", "grey"),
    "Plum": ("#5d3054", "purple"),
    "Riso": ("#e85d8a", "pink"),
    "Riso violet": ("#6a4fa0", "purple"),
    "Rose and mint": ("#d98f98", "pink"),
    "Royal blue": ("#2b4fa3", "blue"),
    "Slate": ("#5b6770", "grey"),
    "Violet": ("#7a5ba8", "purple"),
    "Washed black": ("#33323a", "black"),
}
