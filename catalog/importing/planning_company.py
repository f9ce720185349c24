"""What an import will do to what surrounds a product: its kind and type, whose it is, its texts in other languages, when it
appears, what its buyer is asked, and which products it goes with."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalog.importing import questions
from catalog.importing.known import Known
from catalog.importing.parsing import join
from catalog.importing.plans import Plan
from catalog.models import ImportRun, Product
from catalog.products import changing_kind, owning, scheduling
from shop.core.errors import Refused


def plan_kind(made: Plan) -> None:
    """What it is cannot change under goods that are there."""
    kind = made.record.values.get("kind", made.product.kind)
    if made.is_new or kind == made.product.kind:
        return
    try:
        changing_kind.check_change(made.product, kind)
    except ValidationError as refusal:
        made.record.refuse(" ".join(refusal.messages), column="kind")


def plan_seller(made: Plan, known: Known, run: ImportRun) -> None:
    """Whose it is, the shop's team decides: of what a seller's staff brings in, the column says nothing."""
    if made.record.seller is None or run.seller_id is not None:
        return
    seller = known.sellers.get(made.record.seller) if made.record.seller else None
    if made.record.seller and seller is None:
        text = _("There is no seller “%(slug)s”.")
        made.record.refuse(text % {"slug": made.record.seller[:60]}, column="seller")
    wanted = seller.pk if seller else None
    if wanted == made.product.seller_id:
        return
    if not made.is_new:
        try:
            owning.check_hand_over(made.product, seller=wanted)
        except ValidationError as refusal:
            made.record.refuse(" ".join(refusal.messages), column="seller")
        now = next((slug for slug, one in known.sellers.items() if one.pk == made.product.seller_id), "")
        made.change("seller", now, made.record.seller)
        made.changed.add("seller")
    made.product.seller_id = wanted


def plan(made: Plan, known: Known) -> None:
    _plan_type(made, known)
    _plan_texts(made)
    _plan_schedule(made)
    _plan_questions(made, known)
    _plan_related(made, known)


def must_wait(made: Plan, known: Known) -> bool:
    """Whether it goes on sale by the operation itself, once everything is here: sets wait for their parts, a closed
    seller's goods and what the shop cannot hand out are refused in words."""
    sellers = {one.pk: one for one in known.sellers.values()}
    seller = sellers.get(made.product.seller_id) if made.product.seller_id else None
    is_open = seller is None or seller.is_active
    return made.product.kind not in (Product.Kind.GOODS, Product.Kind.MADE) or not is_open


def _plan_type(made: Plan, known: Known) -> None:
    wanted = made.record.type
    now = next((name for name, pk in known.types.items() if pk == made.product.type_id), "")
    if wanted is None or wanted == now:
        return
    made.type_name = wanted
    made.product.type_id = known.types.get(wanted)
    if not made.is_new:
        made.changed.add("type")
        made.change("type", now, wanted)


def _plan_texts(made: Plan) -> None:
    before = made.product.texts
    for (language, column), text in made.record.texts.items():
        if made.product.texts.get(language, {}).get(column, "") == text:
            continue
        if not made.is_new:
            made.change(f"{column}:{language}", before.get(language, {}).get(column, ""), text)
            made.changed.add("texts")
        made.product.translate(language, **{column: text})


def _plan_schedule(made: Plan) -> None:
    """Moments that are new to the product lie ahead."""
    moments = {name: getattr(made.product, name) for name in ("publish_at", "retire_at")}
    if not any(moments.values()) or not (made.is_new or made.changed & moments.keys()):
        return
    try:
        scheduling.check(made.product, **moments)
    except Refused as refusal:
        made.record.refuse(refusal.message, column=refusal.data["field"])


def _plan_questions(made: Plan, known: Known) -> None:
    wanted = made.record.questions
    now = questions.plain(known.questions.get(made.product.pk, ())) if made.product.pk else []
    if wanted is None or wanted == now:
        return
    made.questions = wanted
    if not made.is_new:
        made.change("questions", join(one["label"] for one in now), join(one["label"] for one in wanted))


def _plan_related(made: Plan, known: Known) -> None:
    for kind, slugs in made.record.related.items():
        wanted = [slug for slug in dict.fromkeys(slugs) if slug != made.product.slug]
        now = known.related.get((made.product.pk, kind), []) if made.product.pk else []
        if wanted == now:
            continue
        made.later.setdefault("related", {})[kind] = wanted
        if not made.is_new:
            made.change(f"related: {kind}", join(now), join(wanted))
