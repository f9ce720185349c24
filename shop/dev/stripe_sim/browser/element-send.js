// From the Element's fields to the API: what is sent, and how.

import { digitsOf } from "/v3/fields.js";

function encode(value, prefix = "", into = new URLSearchParams()) {
  for (const [name, inner] of Object.entries(value)) {
    const at = prefix ? `${prefix}[${name}]` : name;
    if (inner === null || inner === undefined || inner === "") continue;
    if (typeof inner === "object") encode(inner, at, into);
    else into.append(at, String(inner));
  }
  return into;
}

/** {answer} or {error}. The frame is of the API's own origin. */
export async function send(key, path, params, method = "POST") {
  const form = encode(params);
  try {
    const response = await fetch(method === "GET" ? `${path}?${form}` : path, {
      method, headers: { Authorization: `Bearer ${key}` }, body: method === "GET" ? undefined : form,
    });
    const body = await response.json();
    return body.error ? { error: body.error } : { answer: body };
  } catch {
    const message = "An error occurred with our connection to Stripe. Please try again.";
    return { error: { type: "api_connection_error", message } };
  }
}

/** The parameters of a confirmation, or of a new PaymentMethod. What the fields say goes over what the page says. */
export function collected(method, values, payload, country) {
  const given = payload.confirmParams?.payment_method_data ?? payload.params ?? {};
  const data = { ...given, type: method, billing_details: details(given.billing_details ?? {}, method, values, country) };
  if (method === "card") {
    const expiry = digitsOf(values.expiry);
    data.card = { number: digitsOf(values.number), exp_month: Number(expiry.slice(0, 2)),
      exp_year: 2000 + Number(expiry.slice(2)), cvc: digitsOf(values.cvc) };
  } else {
    data.sepa_debit = { iban: values.iban.replace(/\s/g, "") };
  }
  if (!payload.path) return data;
  return { ...payload.confirmParams, payment_method_data: data, client_secret: payload.clientSecret, use_stripe_sdk: true };
}

function details(given, method, values, country) {
  const address = country ? { ...given.address, country } : given.address;
  return method === "sepa_debit" ? { ...given, address, name: values.name, email: values.email } : { ...given, address };
}
