// Part 4: what comes after confirming: 3-D Secure in a frame over the page, or on a page of its own.

/** Show the bank's page over this one. Resolves "done", or "closed" when the customer closed it. */
function challenge(url) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    const frame = makeFrame(new URL(url).pathname + new URL(url).search, "3D Secure authentication");
    Object.assign(frame.style, { position: "fixed", inset: "0", height: "100%", zIndex: "2147483647", background: "transparent" });
    const scrolling = document.body.style.overflow;
    document.body.style.overflow = "hidden";
    const stop = listenTo(frame, ({ type }) => {
      if (type !== "done" && type !== "closed") return;
      stop();
      frame.remove();
      document.body.style.overflow = scrolling;
      before?.focus?.();
      resolve(type);
    });
    document.body.append(frame);
    frame.focus();
  });
}

/** Take the intent's next step with the customer; the intent as it is afterwards, or {error}. */
async function takeAction(key, intent, clientSecret) {
  const action = intent.next_action;
  const { path } = intentOf(clientSecret, "handleNextAction");
  if (action.type === "redirect_to_url") {
    window.location.assign(action.redirect_to_url.url);
    return NEVER();
  }
  const how = await challenge(action.use_stripe_sdk.stripe_js);
  if (how === "closed") {
    const source = action.use_stripe_sdk.source;
    const { error } = await call(key, "POST", `${path}/source_cancel`, { client_secret: clientSecret, source });
    if (error) return { error };
  }
  return call(key, "GET", path, { client_secret: clientSecret });
}

/** {paymentIntent} or {error}, from an intent on which nothing is left to do. */
function outcome(intent) {
  const payment = intent.object === "payment_intent";
  const error = payment ? intent.last_payment_error : intent.last_setup_error;
  if (intent.status === "requires_payment_method" && error) return { error: { ...error, [intent.object]: intent } };
  return { [payment ? "paymentIntent" : "setupIntent"]: intent };
}

/** Leave for return_url, as Stripe does after a success. */
function goBack(intent, returnUrl) {
  const url = new URL(returnUrl, window.location.href);
  url.searchParams.set(intent.object, intent.id);
  url.searchParams.set(`${intent.object}_client_secret`, intent.client_secret);
  url.searchParams.set("redirect_status", intent.status === "processing" ? "pending" : "succeeded");
  window.location.assign(url);
  return NEVER();
}
