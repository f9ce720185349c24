"""Mistyped mail domains: "gmial.com" was probably meant to be "gmail.com". A hint never stops anybody."""

DOMAINS = """gmail.com googlemail.com hotmail.com hotmail.co.uk hotmail.de hotmail.fr outlook.com outlook.de live.com msn.com
yahoo.com yahoo.co.uk yahoo.de yahoo.fr ymail.com icloud.com me.com mac.com aol.com proton.me protonmail.com gmx.at gmx.de
gmx.net gmx.com gmx.ch web.de t-online.de freenet.de posteo.de mail.com email.com mail.de aon.at a1.net chello.at bluewin.ch
orange.fr free.fr laposte.net wanadoo.fr libero.it virgilio.it wp.pl seznam.cz btinternet.com sky.com comcast.net
"""
KNOWN = DOMAINS.split()


def suggestion(email: str) -> str:
    """The address with the domain that was probably meant, or an empty string."""
    name, _at, domain = email.rpartition("@")
    domain = domain.lower()
    if not name or domain in KNOWN:
        return ""
    near = [known for known in KNOWN if abs(len(known) - len(domain)) <= 1 and _distance(domain, known) == 1]
    return f"{name}@{near[0]}" if near else ""


def _distance(a: str, b: str) -> int:
    """How many letters must be changed, added, dropped or swapped with their neighbour (optimal string alignment)."""
    rows = [list(range(len(b) + 1))]
    for i, left in enumerate(a, 1):
        row = [i]
        for j, right in enumerate(b, 1):
            best = min(row[-1] + 1, rows[-1][j] + 1, rows[-1][j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and right == a[i - 2]:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
