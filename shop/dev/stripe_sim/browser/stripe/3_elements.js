// Part 3: a group of Elements, made for one intent (clientSecret) or for one that is yet to be made (mode, amount, currency).

const KINDS = ["payment", "card"];
const OPTIONS = (
  "fonts locale appearance loader customerOptions customerSessionClientSecret customPaymentMethods syncAddressCheckbox " +
  "paymentMethodCreation clientSecret mode amount currency setupFutureUsage setup_future_usage captureMethod capture_method " +
  "onBehalfOf on_behalf_of excludedPaymentMethodTypes allowedPaymentMethodTypes paymentMethodConfiguration " +
  "payment_method_configuration paymentMethodOptions payment_method_options externalPaymentMethodTypes adaptivePricing"
).split(" ");

class Elements {
  #key; #options; #made = new Map(); #submitted = false;

  constructor(key, options) {
    this.#key = key;
    this.#options = { ...options };
    this.#check();
  }

  get _key() { return this.#key; }
  get _deferred() { return Boolean(this.#options.mode); }
  get _clientSecret() { return this.#options.clientSecret; }
  get _submitted() { return this.#submitted; }

  #check() {
    const { mode, clientSecret, amount, currency } = this.#options;
    for (const name of Object.keys(this.#options).filter((one) => !OPTIONS.includes(one))) {
      console.warn(`Unrecognized elements() parameter: ${name} is not a recognized parameter. This may cause issues with your integration in the future.`);
    }
    if (mode && clientSecret) {
      throw new IntegrationError("In order to create Elements, you must pass in either clientSecret or mode, not both.");
    }
    if (clientSecret) intentOf(clientSecret, "elements()");
    if (mode && !["payment", "setup", "subscription"].includes(mode)) {
      throw new IntegrationError(`Invalid value for elements(): mode should be one of payment, setup, or subscription. You specified: ${mode}.`);
    }
    if (mode && mode !== "setup" && (!Number.isInteger(amount) || amount < 0 || typeof currency !== "string")) {
      throw new IntegrationError("Invalid value for elements(): amount must be a whole number and currency a string when mode is payment or subscription.");
    }
    if (currency && currency !== currency.toLowerCase()) {
      throw new IntegrationError(`Invalid value for elements(): currency should be one of the following strings in lower case. You specified: ${currency}.`);
    }
  }

  /** Plain values for the frame. */
  _settings() {
    const { clientSecret, mode, amount, currency, locale, appearance, setupFutureUsage, setup_future_usage,
      captureMethod, capture_method, allowedPaymentMethodTypes, excludedPaymentMethodTypes } = this.#options;
    return structuredClone({ clientSecret, mode, amount, currency, locale, appearance,
      setupFutureUsage: setupFutureUsage ?? setup_future_usage, captureMethod: captureMethod ?? capture_method,
      allowedPaymentMethodTypes, excludedPaymentMethodTypes });
  }

  create(kind, options) {
    if (!KINDS.includes(kind)) {
      throw new IntegrationError(`The simulator has these Elements: ${KINDS.join(", ")}. You specified: ${kind}.`);
    }
    if (kind === "payment" && !this.#options.mode && !this.#options.clientSecret) {
      throw new IntegrationError("In order to create a payment element, you must pass a clientSecret or mode when creating the Elements group.");
    }
    if (this.#made.has(kind)) throw new IntegrationError(`Can only create one Element of type ${kind}.`);
    const element = new Element(this, kind, options);
    this.#made.set(kind, element);
    return element;
  }

  getElement(kind) { return this.#made.get(kind?._kind ?? kind) ?? null; }
  _forget(element) { this.#made.delete(element._kind); }

  async update(options) {
    if ("clientSecret" in options) throw new IntegrationError("You cannot update clientSecret: make a new Elements group.");
    this.#options = { ...this.#options, ...options };
    this.#check();
    for (const element of this.#made.values()) element.update({});
  }

  on() { return this; }

  async fetchUpdates() {
    for (const element of this.#made.values()) await element._ask("reload", element._setup());
    return {};
  }

  /** Validate what was typed: {} or {error}. Goes before confirmPayment when the intent is made after the Element. */
  async submit() {
    const element = this._payment("elements.submit()");
    const result = await element._ask("submit");
    this.#submitted = !result.error;
    return result;
  }

  _payment(method) {
    const element = this.#made.get("payment");
    if (!element?._mounted) {
      throw new IntegrationError(`Invalid value for ${method}: elements should have a mounted Payment Element.`);
    }
    return element;
  }

  /** Why this intent is not the one that the Elements were made for; null if it is. */
  _mismatch(intent) {
    const { mode, amount, currency } = this.#options;
    if (!mode) return null;
    const wanted = this._settings();
    if (mode === "payment" && intent.amount !== amount) {
      return `The amount of the Elements (${amount}) does not match the amount of the PaymentIntent (${intent.amount}).`;
    }
    if (mode === "payment" && intent.currency !== currency) {
      return `The currency of the Elements (${currency}) does not match the currency of the PaymentIntent (${intent.currency}).`;
    }
    if (mode === "payment" && (wanted.setupFutureUsage ?? null) !== (intent.setup_future_usage ?? null)) {
      return "The setup_future_usage of the Elements does not match that of the PaymentIntent.";
    }
    if (mode === "payment" && (wanted.captureMethod === "manual") !== (intent.capture_method === "manual")) {
      return "The capture_method of the Elements does not match that of the PaymentIntent.";
    }
    return null;
  }
}
