"""Who works and shops in the demo: sellers of every role, and a shopper with an address book."""

from shop.accounts import address_book, roles
from shop.accounts.models import Company, CompanyMember, User
from shop.demo import guests
from shop.demo.signins import PASSWORD, SELLERS, SHOPPER, SignIn

HOME = {
    "name": SHOPPER.name, "company": "", "street": "Lindengasse 14/7", "extra": "", "postcode": "1070", "city": "Wien",
    "region": "", "country": "AT", "phone": "",
}  # fmt: skip
WORK = HOME | {"company": "Maier & Söhne", "street": "Mariahilfer Straße 88", "postcode": "1070"}


def load() -> dict[str, int]:
    roles.set_up()
    for seller in SELLERS:
        person = account(seller)
        if seller.role == roles.SELLER and person.seller_id is None:
            person.seller = guests.bindery()
            person.save(update_fields=["seller"])
        roles.give(person, role=seller.role)
    shopper = account(SHOPPER)
    address_book.keep(shopper, address=HOME, is_default=True)
    address_book.keep(shopper, address=WORK)
    on_invoice(shopper)
    return {"sellers": len(SELLERS), "shopper": 1}


def on_invoice(buyer: User) -> None:
    """Where the shopper works buys on invoice."""
    terms = {"vat_id": "ATU12345675", "payment_days": 14, "credit_limit_minor": 1_500_00}
    company, _made = Company.objects.get_or_create(name=WORK["company"], defaults=terms)
    CompanyMember.objects.get_or_create(user=buyer, defaults={"company": company})


def account(who: SignIn) -> User:
    """Made once; a password that was changed since stays."""
    found = User.objects.filter(email=who.email).first()
    return (
        found or User.objects.create_user(who.email, PASSWORD, name=who.name, language="en").vouch_for_email()
    )


def seller(role: str) -> User:
    return User.objects.get(email=next(one.email for one in SELLERS if one.role == role))


def shopper() -> User:
    return User.objects.get(email=SHOPPER.email)
