/* Card fields of the payment provider on our own page: they live in the provider's frames, we never see a number.

   The intent is made only when Pay is pressed: elements.submit() checks the fields, our server places the order (or goes on
   with it) and hands out the intent's secret, confirmPayment() does the rest. Where the provider's script cannot be had,
   the form simply posts and the card is paid on the provider's own page. */
const box = document.querySelector("[data-payment]");
const form = box?.closest("form");
const words = box?.querySelector("[data-payment-error]");
let stripe, elements, busy = false;

const load = (url) =>
  new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: url, async: true });
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
  });

/* The page's own colours, as they are now in light or dark: a token may say light-dark(), so it is read from an element. It
   must not fade from one colour to the next, or each would be read as the one before. */
const colours = (names) => {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.transitionProperty = "none";
  const read = Object.entries(names).map(([name, token]) => {
    probe.style.color = `var(${token})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(read);
};

const appearance = () => ({
  theme: "stripe",
  variables: {
    ...colours({
      colorPrimary: "--accent",
      colorBackground: "--surface",
      colorText: "--ink",
      colorTextSecondary: "--muted",
      colorDanger: "--sale",
    }),
    fontFamily: "system-ui, sans-serif",
    fontSizeBase: getComputedStyle(document.body).fontSize,
    borderRadius: "8px",
  },
});

/* The provider wants to know beforehand whether the card is to be kept. */
const keep = form?.querySelector("[name=keep_card]");
const usage = () => (keep?.checked ? "off_session" : null);

const mount = async () => {
  const { publishableKey, jsUrl, amount, currency, capture, methods, language } = box.dataset;
  await load(jsUrl);
  stripe = Stripe(publishableKey, { locale: language });
  const made = stripe.elements({
    mode: "payment",
    amount: Number(amount),
    currency,
    captureMethod: capture,
    setupFutureUsage: usage(),
    appearance: appearance(),
    ...(methods ? { allowedPaymentMethodTypes: methods.split(",") } : {}),
  });
  const element = made.create("payment", { layout: "tabs" });
  element.on("change", () => tell(""));
  element.on("loaderror", () => {
    element.unmount();
    doWithout();
  });
  element.mount(box.querySelector("[data-payment-element]"));
  elements = made;
};

/* The form posts, and the card is paid on the provider's own page. */
const doWithout = () => {
  elements = undefined;
  box.hidden = true;
};

const tell = (text) => {
  words.textContent = text;
  words.hidden = !text;
};

const wait = (on) => {
  busy = on;
  const button = form.querySelector("[data-pay]");
  if (!on) return button?.removeAttribute("aria-busy");
  setTimeout(() => busy && button?.setAttribute("aria-busy", "true"), 200);
};

const isCard = () => new FormData(form).get("gateway") === box.dataset.gateway;

const ask = async () => {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new FormData(form),
    headers: { Accept: "application/json" },
  });
  return answer.json();
};

/* Once there is an order, this page goes on with it: reloading leads to its pay page, pressing again posts there. */
const goOnWith = (url) => {
  if (!url) return;
  form.action = url;
  history.replaceState(history.state, "", url);
};

const unknown = (error) => ["api_connection_error", "api_error"].includes(error.type) || error.payment_intent?.status === "succeeded";

const pay = async () => {
  tell("");
  const checked = await elements.submit();
  if (checked.error) return tell(checked.error.message);
  const told = await ask();
  goOnWith(told.payment_url);
  if (told.redirect) return location.assign(told.redirect), true;
  if (told.error) return tell(told.error);
  const { error } = await stripe.confirmPayment({
    elements,
    clientSecret: told.client_secret,
    confirmParams: { return_url: told.return_url },
    redirect: "if_required",
  });
  if (error && !unknown(error)) return tell(error.message);
  location.assign(told.return_url);
  return true;
};

if (form) {
  mount().catch(doWithout);
  form.addEventListener("submit", async (event) => {
    if (!elements || !isCard()) return;
    event.preventDefault();
    if (busy) return;
    wait(true);
    const leaving = await pay().catch(() => tell(box.dataset.failed));
    if (!leaving) wait(false);
  });
  keep?.addEventListener("change", () => elements?.update({ setupFutureUsage: usage() }));
  addEventListener("pageshow", (event) => event.persisted && wait(false));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => elements?.update({ appearance: appearance() }));
}
