"""Compares what a file says with what the shop knows. Nothing is written: a dry run ends here, an import begins here.

A product is found by its address where the file has one, else by its SKUs. Nothing that the file does not speak of is
touched: variants, pictures and choices that are missing in it stay.
"""

from collections import Counter

from django.utils.translation import gettext as _

from catalog import describing
from catalog.importing import planning_company, planning_variants, sales
from catalog.importing.formats import FORMATS
from catalog.importing.known import Known, addresses_for, look_up
from catalog.importing.parsing import join
from catalog.importing.plans import Plan
from catalog.importing.records import Given, PhotoRecord, ProductRecord
from catalog.importing.staging import MOST_LINES, lines_of
from catalog.models import Attribute, ImportItem, ImportRun, Product
from shop.core.models import Shop

Status = Product.Status


def plan(run: ImportRun, items: list[ImportItem], *, is_locking: bool = False) -> list[Plan]:
    """One plan for each item, in their order; a constant number of queries. `is_locking`: to be written at once."""
    records = read(run, items)
    known = look_up((record for record in records if not record.is_broken), is_locking=is_locking)
    sales.look_up(known, (one.sale for record in records for one in record.variants if one.sale))
    currency = Shop.current().currency
    return [
        _planned(item, record, known, run=run, currency=currency)
        for item, record in zip(items, records, strict=True)
    ]


def read(run: ImportRun, items: list[ImportItem]) -> list[ProductRecord]:
    """What the file says of these items."""
    names = {field: header for header, field in run.columns if field}
    given = Given(frozenset(names), Shop.current().currency, names)
    return [_record(item, run.format, given) for item in items]


def _record(item: ImportItem, code: str, given: Given) -> ProductRecord:
    errors = [(line, error) for line, _cells, error in item.lines if error]
    if item.is_too_long:
        errors.append((item.line, _("A product has at most %(most)s lines.") % {"most": MOST_LINES}))
    lines = [line for line in lines_of(item) if line.cells]
    record = FORMATS[code].read(lines, given) if lines else ProductRecord(item.line)
    for line, error in errors:
        record.refuse(error, line=line)
    return record


def _planned(item: ImportItem, record: ProductRecord, known: Known, *, run: ImportRun, currency: str) -> Plan:
    if record.is_broken:
        return Plan(item, record, Product(), is_new=True)
    product = _found(record, known)
    made = Plan(item, record, product or _new(record, known, run), is_new=product is None)
    _check_seller(made, run)
    if not record.is_broken:
        planning_company.plan_kind(made)
        planning_company.plan_seller(made, known, run)
        _plan_values(made)
        planning_company.plan(made, known)
        _plan_branches(made, known)
        _plan_attributes(made, known)
        planning_variants.plan(made, known, run=run, currency=currency)
        _plan_photos(made, known)
        _plan_status(made, known)
    return made


def _found(record: ProductRecord, known: Known) -> Product | None:
    owners = {
        known.by_sku[variant.sku].product_id: variant
        for variant in record.variants
        if variant.sku in known.by_sku
    }
    product = known.by_slug.get(record.slug)
    if not record.slug and len(owners) == 1:
        product = known.by_pk[next(iter(owners))]
    for owner, variant in owners.items():
        if product is None or owner != product.pk:
            message = _("The SKU %(sku)s belongs to “%(name)s” already.")
            record.refuse(message % {"sku": variant.sku, "name": known.by_pk[owner].name}, line=variant.line)
    return product


def _check_seller(made: Plan, run: ImportRun) -> None:
    """A seller's staff changes nobody else's product."""
    if run.seller_id is not None and made.product.seller_id != run.seller_id:
        made.record.refuse(_("This address or SKU belongs to a product of somebody else."))


def _new(record: ProductRecord, known: Known, run: ImportRun) -> Product:
    """A product to be made. Its address is taken at once, so that the next one of this name gets another."""
    slug = record.slug or next((slug for slug in addresses_for(record) if slug not in known.taken), "")
    if not slug:
        record.refuse(_("There are several products of this name: give them other names."))
    if not record.values.get("name"):
        record.refuse(_("A product needs a name."))
    known.taken.add(slug)
    return Product(slug=slug, seller_id=run.seller_id)


def _plan_values(made: Plan) -> None:
    for name, value in made.record.values.items():
        before = getattr(made.product, name)
        if before == value:
            continue
        setattr(made.product, name, value)
        if not made.is_new:
            made.changed.add(name)
            made.change(name, before, value)


def _plan_branches(made: Plan, known: Known) -> None:
    """Of branches with the same names all along, the one is meant in which the product is already."""
    if made.record.categories is None:
        return
    now, kept = known.places.get(made.product.pk, set()), set()
    for path, times in Counter(path for path in made.record.categories if path).items():
        if any(len(name) > 80 for name in path):
            made.record.refuse(_("The name of a category has at most 80 characters."), column="categories")
        there = [pk for pk in known.branches.get(path, ()) if pk in now][:times]
        kept.update(there)
        if not there:
            made.branches.append(path)
    made.leaves = now - kept if made.record.is_whole else set()
    if (made.branches or made.leaves) and not made.is_new:
        names = {pk: path for path, pks in known.branches.items() for pk in pks}
        before = join(" > ".join(names[pk]) for pk in sorted(now))
        after = [*(names[pk] for pk in sorted(now - made.leaves)), *made.branches]
        made.change("categories", before, join(" > ".join(path) for path in after))


def _of_its_kind(made: Plan, attribute: Attribute, values: list[str], *, column: str) -> list[str]:
    """As the shop writes them: "350 ml" is 350. A choice that is new is made."""
    try:
        return describing.plain_of(attribute, values)
    except describing.WrongKind as refusal:
        made.record.refuse(refusal.message, column=column)
        return values


def _plan_attributes(made: Plan, known: Known) -> None:
    facts = known.attributes.get(made.product.pk, {})
    for name, given in made.record.attributes.items():
        values = list(dict.fromkeys(value.strip() for value in given if value.strip()))
        if any(len(value) > 250 for value in values):
            made.record.refuse(_("The value of an attribute has at most 250 characters."), column=name)
        attribute = known.attribute_names.get(name if name.startswith("code:") else name.lower())
        if attribute:
            values = _of_its_kind(made, attribute, values, column=name)
        before = facts.get(attribute.pk, []) if attribute else []
        if before == values:
            continue
        made.attributes[name] = values
        if not made.is_new:
            made.change(
                attribute.name if attribute else name.removeprefix("code:"), join(before), join(values)
            )


def _plan_photos(made: Plan, known: Known) -> None:
    there = known.photos.get(made.product.pk, set())
    for photo in made.record.photos:
        if _is_here(photo, there):
            continue
        if (
            not photo.url.lower().startswith(("https://", "http://"))
            or len(photo.url) > 1000
            or " " in photo.url
        ):
            made.record.note(_("“%(url)s” is no address of a picture.") % {"url": photo.url[:80]})
            continue
        made.photos.append(photo)
        if not made.is_new:
            made.change("photos", "", photo.url)


def _is_here(photo: PhotoRecord, there: set[str]) -> bool:
    return photo.url in there or any(photo.url.endswith("/" + name) for name in there)


def _plan_status(made: Plan, known: Known) -> None:
    wanted = made.record.status
    if wanted is None or wanted == made.product.status:
        return
    if not made.record.is_whole and (made.product.status, wanted) == (Status.RETIRED, Status.DRAFT):
        return  # others have no word for retired
    own = {planned.variant.sku: planned.variant.is_active for planned in made.variants}
    others = {v.sku: v.is_active for v in known.variants.get(made.product.pk, ())} if made.product.pk else {}
    if wanted == Status.ACTIVE and not any((others | own).values()):
        made.record.note(_("It stays a draft: nothing of it is on sale."))
        return
    if wanted == Status.ACTIVE and planning_company.must_wait(made, known):
        made.later["publish"] = True
    else:
        made.status = wanted
    if not made.is_new:
        made.change("status", made.product.status, wanted)
