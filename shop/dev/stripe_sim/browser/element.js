// Inside the Element's frame: draws the fields, tells the page how they fare, and sends what was typed straight to the API.
// The page around never sees a card number.

import { COUNTRIES, brandOf, digitsOf, problemsOf, shapeExpiry, shapeNumber, wordsFor } from "/v3/fields.js";
import { collected, send } from "/v3/element-send.js";

const form = document.getElementById("form");
const field = (name) => form.elements.namedItem(name);
const NAMES = { card: ["number", "expiry", "cvc"], sepa_debit: ["iban", "name", "email"] };
const state = { setup: null, words: {}, methods: ["card"], method: "card", touched: new Set(), origin: null };

const tell = (type, payload = {}, id = 0) => window.parent.postMessage({ stripeSim: true, type, payload, id }, state.origin ?? "*");

window.addEventListener("message", async (event) => {
  if (event.source !== window.parent || !event.data?.stripeSim) return;
  const { type, payload, id } = event.data;
  state.origin = event.origin;
  if (type === "init" || type === "reload") await begin(payload);
  else if (type === "options") draw(payload);
  else if (type === "focus") form.querySelector(".Panel:not([hidden]) input")?.focus();
  else if (type === "blur") document.activeElement?.blur();
  else if (type === "clear") clear();
  if (id) tell("answer", await answer(type, payload), id);
});

async function answer(type, payload) {
  if (type === "submit") return validated() ?? { selectedPaymentMethod: state.method };
  if (type !== "confirm" && type !== "collect") return {};
  const problem = validated();
  if (problem) return problem;
  setBusy(true);
  const data = collected(state.method, values(), payload, country());
  const path = type === "confirm" ? payload.path : "/v1/payment_methods";
  const result = await send(state.setup.key, path, data);
  setBusy(false);
  return result;
}

/** Ask which methods there are, then show the fields. */
async function begin(setup) {
  const { clientSecret, mode, amount, currency, ...rest } = setup.group;
  draw(setup);
  if (setup.kind === "payment") {
    const deferred = { mode: mode === "subscription" ? "payment" : mode, amount, currency,
      allowed_payment_method_types: rest.allowedPaymentMethodTypes, excluded_payment_method_types: rest.excludedPaymentMethodTypes };
    const asked = clientSecret ? { client_secret: clientSecret } : { deferred_intent: deferred };
    const { answer: session, error } = await send(setup.key, "/v1/elements/sessions", asked, "GET");
    if (error) return tell("loaderror", { error });
    state.methods = session.payment_method_preference.ordered_payment_method_types;
    if (!state.methods.includes(state.method)) [state.method] = state.methods;
  }
  draw(setup);
  form.hidden = false;
  tellHeight();
  tell("ready");
}

function draw(setup) {
  state.setup = setup;
  const { language, words } = wordsFor(setup.group.locale);
  state.words = words;
  document.documentElement.lang = language;
  document.body.dataset.kind = setup.kind;
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = words[node.dataset.text];
  paint(setup);
  drawTabs();
  drawCountry(setup.options.fields?.billingDetails, setup.options.defaultValues?.billingDetails ?? {});
  const terms = document.getElementById("terms");
  terms.hidden = !(setup.group.setupFutureUsage && state.method === "card" && setup.options.terms?.card !== "never");
  terms.textContent = words.terms;
  for (const one of form.elements) one.disabled = Boolean(setup.options.readOnly || setup.options.disabled);
  tellHeight();
}

/** The page's appearance, as custom properties. */
function paint(setup) {
  const root = document.documentElement;
  const { theme, variables = {} } = setup.group.appearance ?? {};
  root.dataset.theme = theme ?? "stripe";
  root.dataset.ground = setup.dark ? "dark" : "light";
  const base = setup.options.style?.base ?? {};
  const card = { colorText: base.color, fontFamily: base.fontFamily, fontSizeBase: base.fontSize };
  for (const [name, value] of Object.entries({ ...variables, ...(setup.kind === "card" ? card : {}) })) {
    if (value !== undefined) root.style.setProperty(`--${name}`, value);
  }
}

function drawTabs() {
  const tabs = document.getElementById("tabs");
  tabs.hidden = state.methods.length < 2;
  tabs.setAttribute("aria-label", state.words.method);
  tabs.replaceChildren(...state.methods.map((method) => {
    const label = document.createElement("label");
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "method", value: method });
    input.checked = method === state.method;
    label.className = "Tab";
    label.append(input, state.words[method] ?? method);
    return label;
  }));
  for (const method of Object.keys(NAMES)) document.getElementById(method).hidden = method !== state.method;
}

function drawCountry(hidden, defaults) {
  const select = field("country");
  const never = state.setup.kind === "card" || hidden === "never" || hidden?.address === "never" || hidden?.address?.country === "never";
  document.getElementById("country-field").hidden = never;
  const names = new Intl.DisplayNames([document.documentElement.lang], { type: "region" });
  const kept = select.value || defaults.address?.country || "DE";
  const codes = COUNTRIES.includes(kept) ? COUNTRIES : [...COUNTRIES, kept];
  select.replaceChildren(...codes.map((code) => new Option(names.of(code), code, false, code === kept)));
  for (const name of ["name", "email"]) if (defaults[name] && !field(name).value) field(name).value = defaults[name];
}

const values = () => Object.fromEntries([...NAMES.card, ...NAMES.sepa_debit].map((name) => [name, field(name).value]));
const country = () => (document.getElementById("country-field").hidden ? null : field("country").value);

function clear() {
  for (const name of Object.values(NAMES).flat()) field(name).value = "";
  state.touched.clear();
  changed();
}

function setBusy(busy) {
  for (const one of form.elements) one.disabled = busy;
  form.setAttribute("aria-busy", String(busy));
}

/** Show what is wrong with the fields that the customer has left; all of them after a submit. */
function showErrors(problems) {
  for (const name of Object.values(NAMES).flat()) {
    const code = state.touched.has(name) ? problems[name] : null;
    document.getElementById(`payment-${name}Error`).textContent = code ? state.words[code] : "";
    field(name).setAttribute("aria-invalid", String(Boolean(code)));
  }
  tellHeight();
}

/** {error} if a field is wrong, which then has the focus; nothing if all is well. */
function validated() {
  const problems = problemsOf(state.method, values());
  NAMES[state.method].forEach((name) => state.touched.add(name));
  showErrors(problems);
  const [first] = Object.keys(problems);
  if (!first) return null;
  field(first).focus();
  const code = problems[first];
  return { error: { type: "validation_error", code, message: state.words[code] } };
}

function changed() {
  const problems = problemsOf(state.method, values());
  const names = NAMES[state.method];
  const wrong = names.find((name) => state.touched.has(name) && problems[name]);
  const brand = brandOf(digitsOf(field("number").value))[0];
  document.getElementById("brand").textContent = brand === "unknown" ? "" : brand;
  showErrors(problems);
  const error = wrong && { type: "validation_error", code: problems[wrong], message: state.words[problems[wrong]] };
  const shared = { empty: names.every((name) => !field(name).value), complete: !Object.keys(problems).length, error };
  tell("change", state.setup.kind === "card"
    ? { ...shared, brand, value: { postalCode: "" } }
    : { ...shared, collapsed: false, value: { type: state.method } });
}

form.addEventListener("input", (event) => {
  const { target } = event;
  if (target.name === "method") {
    state.method = target.value;
    draw(state.setup);
  }
  if (target.name === "number") target.value = shapeNumber(target.value);
  if (target.name === "expiry") target.value = shapeExpiry(target.value, event.inputType?.startsWith("delete"));
  if (target.name === "cvc") target.value = digitsOf(target.value).slice(0, 4);
  const problem = problemsOf(state.method, values())[target.name];
  if (problem?.startsWith("invalid")) state.touched.add(target.name);
  changed();
});
form.addEventListener("focusout", ({ target }) => {
  if (target.value) state.touched.add(target.name);
  changed();
  tell("blur");
});
form.addEventListener("focusin", () => tell("focus"));
form.addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("keydown", (event) => event.key === "Escape" && tell("escape"));

const tellHeight = () => tell("height", { height: Math.ceil(document.body.getBoundingClientRect().height) });
new ResizeObserver(tellHeight).observe(document.body);
tell("hello");
