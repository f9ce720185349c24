"""The columns of WooCommerce's product export, in English and in German, as its exporter writes them
(plugins/woocommerce/includes/export/class-wc-product-csv-exporter.php and its German translation)."""

import re

HEADERS = {
    "id": ("id",),
    "type": ("type", "typ"),
    "sku": ("sku", "artikelnummer"),
    "gtin": ("gtin, upc, ean, or isbn", "gtin, upc, ean oder isbn"),
    "name": ("name",),
    "published": ("published", "veröffentlicht"),
    "visibility": ("visibility in catalog", "sichtbarkeit im katalog"),
    "short_description": ("short description", "kurzbeschreibung"),
    "description": ("description", "beschreibung"),
    "sale_from": ("date sale price starts", "datum, an dem angebotspreis beginnt"),
    "sale_to": ("date sale price ends", "datum, an dem angebotspreis endet"),
    "in_stock": ("in stock?", "vorrätig?"),
    "stock": ("stock", "lager", "bestand", "lagerbestand"),
    "low_stock": ("low stock amount", "geringe lagermenge"),
    "sale_price": ("sale price", "angebotspreis"),
    "regular_price": ("regular price", "regulärer preis"),
    "cost": ("cost of goods", "herstellungskosten"),
    "categories": ("categories", "kategorien"),
    "tags": ("tags", "schlagwörter"),
    "brands": ("brands", "marken"),
    "images": ("images", "bilder"),
    "parent": ("parent", "übergeordnetes produkt"),
    "position": ("position",),
}
FIELDS = {header: field for field, headers in HEADERS.items() for header in headers}
MEASURES = {
    "weight": "weight", "gewicht": "weight", "length": "length", "länge": "length",
    "width": "width", "breite": "width", "height": "height", "höhe": "height",
}  # fmt: skip
ATTRIBUTE = re.compile(
    r"(?:attribute|attribut) (\d{1,3}) (name|value\(s\)|wert\(e\)|visible|sichtbar|default|standard)"
)
PARTS = {"value(s)": "values", "wert(e)": "values", "sichtbar": "visible", "standard": "default"}


def field_of(header: str) -> str:
    """ "Gewicht (kg)" → "weight:kg", "Attribute 2 value(s)" → "attribute2_values"; empty: not used."""
    name = header.strip().lower()
    if found := re.fullmatch(r"(\w+) \((\w{1,3})\)", name):
        return f"{MEASURES[found[1]]}:{found[2]}" if found[1] in MEASURES else ""
    if found := ATTRIBUTE.fullmatch(name):
        return f"attribute{found[1]}_{PARTS.get(found[2], found[2])}"
    return FIELDS.get(name, "")
