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
