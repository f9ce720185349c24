// Part 5: Stripe(publishableKey) and its methods.

class StripeObject {
  #key;

  constructor(key, options = {}) {
    if (typeof key !== "string" || !key.startsWith("pk_")) {
      throw new IntegrationError(
        key?.startsWith?.("sk_")
          ? "You should not use your secret key with Stripe.js. Please pass a publishable key instead."
          : "Please call Stripe() with your publishable key. You used an empty string.",
      );
    }
    if (key.startsWith("pk_live_")) throw new IntegrationError("This is the simulator's Stripe.js: it takes no live key.");
    this.#key = key;
    this._locale = options.locale;
  }

  elements(options = {}) {
    return new Elements(this.#key, { locale: this._locale, ...options });
  }

  confirmPayment(options) { return this.#confirm("confirmPayment", "payment_intent", options); }
  confirmSetup(options) { return this.#confirm("confirmSetup", "setup_intent", options); }

  async #confirm(method, kind, options = {}) {
    const { elements, confirmParams = {}, redirect = "always" } = options;
    const clientSecret = options.clientSecret ?? elements?._clientSecret;
    if (elements && !(elements instanceof Elements)) {
      throw new IntegrationError(`Invalid value for stripe.${method}(): elements should be an Elements instance.`);
    }
    if (!clientSecret) {
      throw new IntegrationError(`Invalid value for stripe.${method}(): you must pass a clientSecret, or elements that were created with one.`);
    }
    if (redirect === "always" && !confirmParams.return_url) {
      throw new IntegrationError(`stripe.${method}(): the confirmParams.return_url argument is required when redirect is "always".`);
    }
    const about = intentOf(clientSecret, `${method}()`);
    if (about.kind !== kind) throw new IntegrationError(`stripe.${method}() was given the client secret of a ${about.kind}.`);
    const { answer, error } = elements
      ? await this.#confirmWithElement(method, elements, about, clientSecret, confirmParams)
      : await call(this.#key, "POST", `${about.path}/confirm`, { ...confirmParams, client_secret: clientSecret, use_stripe_sdk: true });
    if (error) return { error };
    const result = await this.#settled(answer, clientSecret);
    if (result.error || redirect !== "always") return result;
    return goBack(result[about.name], confirmParams.return_url);
  }

  async #confirmWithElement(method, elements, about, clientSecret, confirmParams) {
    const element = elements._payment(`stripe.${method}()`);
    if (elements._deferred) {
      if (!elements._submitted) {
        throw new IntegrationError(`elements.submit() must be called before stripe.${method}().`);
      }
      const { answer, error } = await call(this.#key, "GET", about.path, { client_secret: clientSecret });
      const message = answer && elements._mismatch(answer);
      if (error || message) return { error: error ?? { type: "invalid_request_error", message } };
    }
    checkHiddenFields(element._options.fields?.billingDetails, confirmParams, method);
    return element._ask("confirm", { path: `${about.path}/confirm`, clientSecret, confirmParams });
  }

  /** Take next actions until there are none. */
  async #settled(intent, clientSecret) {
    let now = intent;
    while (now.status === "requires_action") {
      const { answer, error } = await takeAction(this.#key, now, clientSecret);
      if (error) return { error };
      now = answer;
    }
    return outcome(now);
  }

  async handleNextAction({ clientSecret } = {}) {
    const { path, kind } = intentOf(clientSecret, "handleNextAction()");
    const { answer, error } = await call(this.#key, "GET", path, { client_secret: clientSecret });
    if (error) return { error };
    if (answer.status !== "requires_action") {
      throw new IntegrationError(`handleNextAction: The ${kind} supplied is not in the requires_action state.`);
    }
    return this.#settled(answer, clientSecret);
  }

  handleCardAction(clientSecret) { return this.handleNextAction({ clientSecret }); }

  async #retrieve(clientSecret, method) {
    const { path, name } = intentOf(clientSecret, `${method}()`);
    const { answer, error } = await call(this.#key, "GET", path, { client_secret: clientSecret });
    return error ? { error } : { [name]: answer };
  }

  retrievePaymentIntent(clientSecret) { return this.#retrieve(clientSecret, "retrievePaymentIntent"); }
  retrieveSetupIntent(clientSecret) { return this.#retrieve(clientSecret, "retrieveSetupIntent"); }

  confirmCardPayment(clientSecret, data = {}, options = {}) { return this.#confirmCard(clientSecret, data, options); }
  confirmCardSetup(clientSecret, data = {}, options = {}) { return this.#confirmCard(clientSecret, data, options); }

  async #confirmCard(clientSecret, data, options) {
    const { path } = intentOf(clientSecret, "confirmCardPayment()");
    const { payment_method: means, ...rest } = data;
    const { answer, error } =
      means?.card instanceof Element
        ? await means.card._ask("confirm", { path: `${path}/confirm`, clientSecret,
            confirmParams: { ...rest, payment_method_data: { billing_details: means.billing_details } } })
        : await call(this.#key, "POST", `${path}/confirm`, { ...rest, payment_method: means, client_secret: clientSecret, use_stripe_sdk: true });
    if (error) return { error };
    return options.handleActions === false ? outcome(answer) : this.#settled(answer, clientSecret);
  }

  async createPaymentMethod({ elements, element, card, params, billing_details: details, metadata } = {}) {
    const from = elements ? elements._payment("stripe.createPaymentMethod()") : (element ?? card);
    if (!(from instanceof Element)) throw new IntegrationError("createPaymentMethod needs elements or a card Element here.");
    const { answer, error } = await from._ask("collect", { params: { billing_details: details, metadata, ...params } });
    return error ? { error } : { paymentMethod: answer };
  }

  registerAppInfo() {}
}

/** Fields that the page asked to hide must come with the confirmation. */
function checkHiddenFields(hidden, confirmParams, method) {
  const given = confirmParams.payment_method_data?.billing_details ?? {};
  const names = hidden === "never" ? { name: "never", email: "never", phone: "never", address: "never" } : (hidden ?? {});
  const missing = [];
  for (const name of ["name", "email", "phone"]) {
    if (names[name] === "never" && given[name] === undefined) missing.push(name);
  }
  const parts = names.address === "never" ? { country: "never", postalCode: "never" } : (names.address ?? {});
  for (const [part, plain] of [["country", "country"], ["postalCode", "postal_code"]]) {
    if (parts[part] === "never" && given.address?.[plain] === undefined) missing.push(`address.${plain}`);
  }
  if (missing.length) {
    throw new IntegrationError(
      `You specified "never" for fields.billing_details.${missing[0]} when creating the payment Element, but did not pass ` +
        `confirmParams.payment_method_data.billing_details.${missing[0]} when calling stripe.${method}().`,
    );
  }
}

function Stripe(key, options) {
  return new StripeObject(key, options);
}
Stripe.version = "endive";
window.Stripe = Stripe;
