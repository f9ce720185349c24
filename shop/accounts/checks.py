"""What must always be true of people."""

from collections.abc import Iterator

from shop.core.integrity import check, rows


@check(
    "A01-seller-staff", "who works for a seller has the role of sellers and no other, and nobody else has it"
)
def staff_of_sellers() -> Iterator[str]:
    broken = rows(
        """SELECT u.email FROM accounts_user u
           LEFT JOIN accounts_user_groups ug ON ug.user_id = u.id LEFT JOIN auth_group g ON g.id = ug.group_id
           GROUP BY u.id, u.email, u.seller_id
           HAVING (u.seller_id IS NULL AND bool_or(g.name = 'seller'))
               OR (u.seller_id IS NOT NULL AND (count(g.id) <> 1 OR NOT bool_or(g.name = 'seller')))"""
    )
    yield from (f"{email} belongs to a seller and to the shop at once" for (email,) in broken)


@check("N09-companies", "what a company owes is the sum of its ledger, and nothing is open below zero")
def companies_add_up() -> Iterator[str]:
    broken = rows(
        """SELECT c.name FROM accounts_company c
           LEFT JOIN (SELECT company_id, sum(amount_minor) AS sum, bool_or(currency <> (
                        SELECT currency FROM accounts_company x WHERE x.id = company_id)) AS mixed
                      FROM accounts_companyentry GROUP BY 1) e ON e.company_id = c.id
           WHERE coalesce(e.sum, 0) <> c.open_minor OR e.mixed"""
    )
    yield from (f"company {name} and its ledger disagree" for (name,) in broken)
    below = rows("SELECT reference FROM accounts_companyentry GROUP BY 1 HAVING sum(amount_minor) < 0")
    yield from (f"{reference} is open below zero" for (reference,) in below)
