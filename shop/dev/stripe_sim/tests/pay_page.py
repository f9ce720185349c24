"""A shop's pay page in small, for the browser tests: on an origin of its own, under the CSP of the shop's pay page.

`/pay?mode=deferred|intent|setup&…` mounts the Payment Element; the page writes what happens into `#status` and keeps a log of
events; CSP violations are reported to `/csp`.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import stripe

from shop.dev.stripe_sim.running import RunningSim
from shop.dev.stripe_sim.tests.conftest import client_of

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Pay</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/pay.css">
<script src="{sim}/v3/"></script><script src="/pay.js" defer></script></head>
<body><main><h1>Pay</h1><form id="form"><div id="element"></div><button id="pay">Pay</button></form>
<p id="status" role="status"></p></main></body></html>"""

SCRIPT = """
const asked = Object.fromEntries(new URLSearchParams(location.search));
const say = (text) => (document.getElementById("status").textContent = text);
window.seen = [];
const stripe = Stripe("pk_test_simulated");
const made = async () => (await fetch(`/make?${new URLSearchParams(asked)}`, { method: "POST" })).json();
const dark = { colorPrimary: "#b9a3ff", colorBackground: "rgb(24, 26, 33)", colorText: "rgb(240, 240, 245)" };
const appearance = { theme: "stripe", variables: asked.dark ? dark : { colorPrimary: "#6a3fd1" } };

async function begin() {
  const deferred = { mode: "payment", amount: Number(asked.amount ?? 1200), currency: "eur", locale: "en", appearance };
  let secret = null;
  if (asked.mode !== "deferred") secret = (await made()).client_secret;
  const elements = stripe.elements(secret ? { clientSecret: secret, locale: "en", appearance } : deferred);
  const element = elements.create("payment", asked.hide ? { fields: { billingDetails: { address: "never" } } } : {});
  for (const name of ["ready", "change", "focus", "blur", "escape", "loaderror"]) {
    element.on(name, (event) => window.seen.push({ name, ...event }));
  }
  element.mount("#element");
  document.getElementById("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      say(await pay(elements, secret));
    } catch (problem) {
      say(`${problem.name}: ${problem.message}`);
    }
  });
}

async function pay(elements, secret) {
  say("working");
  if (!asked.nosubmit) {
    const { error } = await elements.submit();
    if (error) return `${error.type}/${error.code}: ${error.message}`;
  }
  const clientSecret = secret ?? (window.secret ??= (await made()).client_secret);
  const method = asked.mode === "setup" ? "confirmSetup" : "confirmPayment";
  const result = await stripe[method]({ elements, clientSecret, redirect: asked.redirect ?? "if_required",
    confirmParams: { return_url: `${location.origin}/return?order=T-1` } });
  const { error, paymentIntent, setupIntent } = result;
  if (error) return `${error.type}/${error.code}/${error.decline_code ?? "-"}: ${error.message}`;
  const again = paymentIntent && (await stripe.retrievePaymentIntent(paymentIntent.client_secret)).paymentIntent;
  return `${(again ?? setupIntent).status} ${(again ?? setupIntent).id}`;
}
begin();
"""


STYLE = "body { max-width: 30rem; } body:has(iframe[style*=dark]) { background: #0f1015; color: #eee; color-scheme: dark; }"


def policy(sim: RunningSim) -> str:
    """The pay page's CSP, the simulator's origin in the place of Stripe's."""
    return (
        f"default-src 'none'; script-src 'self' {sim.url}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self' {sim.url}; frame-src {sim.url}; form-action 'self'; base-uri 'none'; object-src 'none'; "
        "frame-ancestors 'none'; report-uri /csp"
    )


class Shop(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, sim: RunningSim) -> None:
        super().__init__(("127.0.0.1", 0), Pages)
        self.sim, self.api, self.violations, self.bodies = sim, client_of(sim).v1, [], []
        self.url = (
            f"http://localhost:{self.server_address[1]}"  # another host than the simulator's, as in life
        )
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def make(self, asked: dict[str, str]) -> stripe.StripeObject:
        if asked.get("mode") == "setup":
            return self.api.setup_intents.create({"customer": self.api.customers.create().id})
        intent = {"amount": int(asked.get("really", asked.get("amount", 1200))), "currency": "eur"}
        return self.api.payment_intents.create(intent | {"capture_method": asked.get("capture", "automatic")})


class Pages(BaseHTTPRequestHandler):
    server: Shop

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        pages = {
            "/pay": (PAGE.format(sim=self.server.sim.url), "text/html"),
            "/pay.js": (SCRIPT, "text/javascript"),
            "/pay.css": (STYLE, "text/css"),
            "/return": ("<!doctype html><title>Back</title><h1>Back at the shop</h1>", "text/html"),
        }
        text, kind = pages.get(path, ("", "text/plain"))
        self.send(text, kind)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.bodies.append(body)
        if self.path == "/csp":
            self.server.violations.append(json.loads(body)["csp-report"])
            self.send("", "text/plain")
        else:
            made = self.server.make(dict(parse_qsl(urlsplit(self.path).query)))
            self.send(json.dumps({"client_secret": made.client_secret}), "application/json")

    def send(self, text: str, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Security-Policy", policy(self.server.sim))
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args: object) -> None:
        pass
