// The simulator's Stripe.js, part 1: where the simulator is, how to ask its API, how to talk to its frames.
// The parts are served as one script inside one function: nothing leaks but window.Stripe.

const ORIGIN = new URL(document.currentScript.src).origin;
const NEVER = () => new Promise(() => {}); // what a call becomes that leaves the page

class IntegrationError extends Error {
  constructor(message) {
    super(message);
    this.name = "IntegrationError";
  }
}

/** {a: {b: 1}, list: [x]} as a[b]=1&list[0]=x, which is how Stripe's API takes structure. */
function encode(value, prefix = "", into = new URLSearchParams()) {
  for (const [name, inner] of Object.entries(value)) {
    const at = prefix ? `${prefix}[${name}]` : name;
    if (inner === null || inner === undefined) continue;
    if (typeof inner === "object") encode(inner, at, into);
    else into.append(at, String(inner));
  }
  return into;
}

/** One API call with the publishable key: {answer} or {error}, never an exception. */
async function call(key, method, path, params = {}) {
  const form = encode(params);
  const query = method === "GET" && form.size ? `?${form}` : "";
  try {
    const response = await fetch(ORIGIN + path + query, {
      method,
      headers: { Authorization: `Bearer ${key}` },
      body: method === "GET" ? undefined : form,
      credentials: "omit",
    });
    const body = await response.json();
    return body.error ? { error: body.error } : { answer: body };
  } catch {
    const message = "An error occurred with our connection to Stripe. Please try again.";
    return { error: { type: "api_connection_error", message } };
  }
}

/** What a client secret stands for: {kind: "payment_intent", id, path, name: "paymentIntent"}. */
function intentOf(clientSecret, method) {
  const match = /^((pi|seti)_\w+?)_secret_\w+$/.exec(String(clientSecret));
  if (!match) {
    throw new IntegrationError(
      `Invalid value for stripe.${method} intent secret: value should be a client_secret of the form \${id}_secret_\${secret}. ` +
        `You specified: ${clientSecret}.`,
    );
  }
  const payment = match[2] === "pi";
  const kind = payment ? "payment_intent" : "setup_intent";
  return { kind, id: match[1], path: `/v1/${kind}s/${match[1]}`, name: payment ? "paymentIntent" : "setupIntent" };
}

/** Listeners by name, as every element has them. */
class Emitter {
  #handlers = new Map();

  on(name, handler) {
    if (typeof handler !== "function") throw new IntegrationError(`${name} needs a function as its handler.`);
    this.#handlers.set(name, [...(this.#handlers.get(name) ?? []), handler]);
    return this;
  }

  once(name, handler) {
    const one = (event) => {
      this.off(name, one);
      handler(event);
    };
    return this.on(name, one);
  }

  off(name, handler) {
    const left = (this.#handlers.get(name) ?? []).filter((one) => handler && one !== handler);
    this.#handlers.set(name, left);
    return this;
  }

  emit(name, event) {
    for (const handler of [...(this.#handlers.get(name) ?? [])]) handler(event);
  }
}

/** How light a CSS colour is, 0 to 1; null if it says nothing (transparent, or not given). */
function lightness(colour) {
  if (!colour) return null;
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
  return alpha < 128 ? null : (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}

/** Whether the page wants the Element on a dark ground. */
function isDark({ theme, variables = {} } = {}) {
  const text = lightness(variables.colorText);
  const ground = lightness(variables.colorBackground);
  return text !== null ? text > 0.5 : ground !== null ? ground < 0.4 : theme === "night";
}

let frames = 0;

/** A frame of the simulator's own origin. Styles are set through the object model, which a strict style-src allows. */
function makeFrame(path, title) {
  const frame = document.createElement("iframe");
  frames += 1;
  Object.assign(frame, { name: `__privateStripeFrame${frames}`, title, src: ORIGIN + path });
  frame.setAttribute("allow", "payment *");
  // A frame is only transparent while its colour scheme is that of the document in it.
  Object.assign(frame.style, { border: "0", display: "block", width: "100%", colorScheme: "light" });
  return frame;
}

/** Listen to one frame only; gives back how to stop. */
function listenTo(frame, handler) {
  const listener = (event) => {
    if (event.origin === ORIGIN && event.source === frame.contentWindow && event.data?.stripeSim) handler(event.data);
  };
  window.addEventListener("message", listener);
  return () => window.removeEventListener("message", listener);
}
