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
    "mugs": "cup, cups, coffee, tea, beaker, stoneware",
    "t-shirts": "tee, tees, shirt, tshirt, clothing, apparel",
    "notebooks": "notepad, journal, sketchbook, diary, book",
    "wallpapers": "background, desktop, download",
    "gift-cards": "voucher, gift certificate",
}
ATTRIBUTES: dict[str, dict] = {
    "technique": {"name": "Technique", "kind": "choice", "is_filter": True},
    "colours": {"name": "Colour", "kind": "swatch", "is_multiple": True, "is_filter": True},
    "orientation": {"name": "Orientation", "kind": "choice", "is_filter": True},
    "palette": {"name": "Palette", "kind": "choice"},
    "material": {"name": "Material"},
    "paper": {"name": "Paper", "kind": "choice"},
    "paper_weight": {"name": "Paper weight", "kind": "number", "unit": "g/m²", "is_filter": True},
    "cloth_weight": {"name": "Cloth weight", "kind": "number", "unit": "g/m²"},
    "format": {"name": "Format", "kind": "choice"},
    "ruling": {"name": "Ruling", "kind": "choice", "is_filter": True},
    "pages": {"name": "Pages", "kind": "number", "is_filter": True},
    "binding": {"name": "Binding", "kind": "choice"},
    "volume_ml": {"name": "Volume", "kind": "number", "unit": "ml", "is_filter": True},
    "dishwasher": {"name": "Dishwasher safe", "kind": "boolean", "is_filter": True},
    "microwave": {"name": "Microwave safe", "kind": "boolean"},
    "fountain_pen": {"name": "For fountain pens", "kind": "boolean", "is_filter": True},
    "organic": {"name": "Organic cotton", "kind": "boolean", "is_filter": True},
    "fit": {"name": "Fit", "kind": "choice"},
    "edition": {"name": "Edition of", "kind": "number"},
    "seed": {"name": "Seed"},
    "drawn_on": {"name": "First drawn", "kind": "date"},
    "pixels": {"name": "Pixels"},
    "licence": {"name": "Licence"},
    "care": {"name": "Care", "is_section": True},
}
TYPES: dict[str, list[str]] = {  # what each sort of thing is described by
    "Print": [
        "technique", "colours", "orientation", "palette", "material", "paper", "paper_weight", "edition", "seed",
        "drawn_on", "care",
    ],
    "Mug": ["technique", "colours", "material", "volume_ml", "dishwasher", "microwave", "care"],
    "T-shirt": ["technique", "colours", "material", "cloth_weight", "organic", "fit", "care"],
    "Notebook": [
        "colours", "format", "ruling", "pages", "paper", "paper_weight", "binding", "fountain_pen", "material", "care",
    ],
    "Wallpaper": ["technique", "colours", "palette", "format", "pixels", "licence"],
}  # fmt: skip
TYPE_OF = {
    "prints": "Print",
    "mugs": "Mug",
    "t-shirts": "T-shirt",
    "notebooks": "Notebook",
    "wallpapers": "Wallpaper",
}
SWATCHES = {  # the plain colours that people filter by
    "Black": "#1d1b20",
    "Blue": "#3568a8",
    "Brown": "#7b5538",
    "Cream": "#efe4cc",
    "Gold": "#c49a3c",
    "Green": "#4d8a57",
    "Grey": "#8c8a88",
    "Orange": "#e0803a",
    "Pink": "#e59bb0",
    "Purple": "#7a5aa0",
    "Red": "#c0392f",
    "Teal": "#2f8f8a",
    "White": "#ffffff",
    "Yellow": "#ecc94b",
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
