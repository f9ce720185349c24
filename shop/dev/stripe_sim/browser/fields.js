// What is typed into the Element: how it is shaped while typing, and what is wrong with it. Codes and words are Stripe's.

const BRANDS = [
  ["amex", /^3[47]/, 15], ["diners", /^3(0|6|8)/, 16], ["discover", /^6(011|4|5)/, 16], ["jcb", /^35/, 16],
  ["unionpay", /^62/, 16], ["mastercard", /^(5[1-5]|2[2-7])/, 16], ["visa", /^4/, 16],
];

const WORDS = {
  en: {
    number: "Card number", expiry: "Expiration date", cvc: "Security code", country: "Country", name: "Full name", email: "Email",
    card: "Card", sepa_debit: "SEPA Direct Debit", method: "Payment method",
    incomplete_number: "Your card number is incomplete.", invalid_number: "Your card number is invalid.",
    incomplete_expiry: "Your card's expiration date is incomplete.",
    invalid_expiry_month: "Your card's expiration month is invalid.",
    invalid_expiry_year_past: "Your card's expiration year is in the past.",
    incomplete_cvc: "Your card's security code is incomplete.",
    incomplete_iban: "Your IBAN is incomplete.", invalid_iban: "Your IBAN is invalid.",
    incomplete_name: "Your name is incomplete.", incomplete_email: "Your email is incomplete.",
    mandate: "By providing your IBAN and confirming this payment, you authorise the shop and its payment provider to debit your account.",
    terms: "By providing your card information, you allow the shop to charge your card for future payments in accordance with their terms.",
  },
  de: {
    number: "Kartennummer", expiry: "Ablaufdatum", cvc: "Sicherheitscode", country: "Land", name: "Vollständiger Name", email: "E-Mail",
    card: "Karte", sepa_debit: "SEPA-Lastschrift", method: "Zahlungsmethode",
    incomplete_number: "Ihre Kartennummer ist unvollständig.", invalid_number: "Ihre Kartennummer ist ungültig.",
    incomplete_expiry: "Das Ablaufdatum Ihrer Karte ist unvollständig.",
    invalid_expiry_month: "Der Ablaufmonat Ihrer Karte ist ungültig.",
    invalid_expiry_year_past: "Das Ablaufjahr Ihrer Karte liegt in der Vergangenheit.",
    incomplete_cvc: "Der Sicherheitscode Ihrer Karte ist unvollständig.",
    incomplete_iban: "Ihre IBAN ist unvollständig.", invalid_iban: "Ihre IBAN ist ungültig.",
    incomplete_name: "Ihr Name ist unvollständig.", incomplete_email: "Ihre E-Mail-Adresse ist unvollständig.",
    mandate: "Mit Ihrer IBAN und der Bestätigung dieser Zahlung ermächtigen Sie den Shop und seinen Zahlungsdienst, Ihr Konto zu belasten.",
    terms: "Mit der Angabe Ihrer Kartendaten erlauben Sie dem Shop, Ihre Karte für künftige Zahlungen gemäß seinen Bedingungen zu belasten.",
  },
};

export const COUNTRIES = (
  "AD AE AR AT AU BA BE BG BR CA CH CL CN CO CY CZ DE DK EE ES FI FR GB GR HK HR HU IE IL IN IS IT JP KR LI LT LU LV MC MD " +
  "ME MK MT MX NL NO NZ PL PT RO RS SA SE SG SI SK SM TH TR TW UA US VA ZA"
).split(" ");

export function wordsFor(locale) {
  const language = (!locale || locale === "auto" ? navigator.language : locale).slice(0, 2);
  return { language: language in WORDS ? language : "en", words: WORDS[language] ?? WORDS.en };
}

export const digitsOf = (text) => text.replace(/\D/g, "");

export function brandOf(digits) {
  return BRANDS.find(([, pattern]) => pattern.test(digits)) ?? ["unknown", /^/, 16];
}

export function shapeNumber(text) {
  const digits = digitsOf(text).slice(0, 19);
  const groups = brandOf(digits)[0] === "amex" ? /^(\d{1,4})(\d{1,6})?(\d{1,5})?/ : /(\d{1,4})/g;
  return (digits.match(groups) ?? []).slice(brandOf(digits)[0] === "amex" ? 1 : 0).filter(Boolean).join(" ");
}

export function shapeExpiry(text, erasing) {
  let digits = digitsOf(text).slice(0, 4);
  if (/^[2-9]/.test(digits)) digits = `0${digits}`.slice(0, 4);
  return digits.length > 2 || (digits.length === 2 && !erasing) ? `${digits.slice(0, 2)} / ${digits.slice(2)}` : digits;
}

function passesLuhn(digits) {
  const sum = [...digits].reverse().reduce((total, sign, place) => {
    const doubled = place % 2 ? Number(sign) * 2 : Number(sign);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

function numberProblem(text) {
  const digits = digitsOf(text);
  if (digits.length < brandOf(digits)[2]) return "incomplete_number";
  return passesLuhn(digits) ? null : "invalid_number";
}

function expiryProblem(text, today) {
  const digits = digitsOf(text);
  if (digits.length < 4) return "incomplete_expiry";
  const month = Number(digits.slice(0, 2));
  if (month < 1 || month > 12) return "invalid_expiry_month";
  const months = (2000 + Number(digits.slice(2))) * 12 + month - 1;
  return months < today.getFullYear() * 12 + today.getMonth() ? "invalid_expiry_year_past" : null;
}

function ibanProblem(text) {
  const iban = text.replace(/\s/g, "").toUpperCase();
  if (iban.length < 15) return "incomplete_iban";
  const turned = [...(iban.slice(4) + iban.slice(0, 4))].map((sign) => parseInt(sign, 36)).join("");
  let rest = 0;
  for (const sign of turned) rest = (rest * 10 + Number(sign)) % 97;
  return rest === 1 ? null : "invalid_iban";
}

/** {field: code} for all that is wrong, in the order of the fields. */
export function problemsOf(method, values, today = new Date()) {
  const amex = brandOf(digitsOf(values.number))[0] === "amex";
  const found =
    method === "card"
      ? [["number", numberProblem(values.number)], ["expiry", expiryProblem(values.expiry, today)],
         ["cvc", digitsOf(values.cvc).length < (amex ? 4 : 3) ? "incomplete_cvc" : null]]
      : [["iban", ibanProblem(values.iban)], ["name", values.name.trim() ? null : "incomplete_name"],
         ["email", /^\S+@\S+\.\S+$/.test(values.email) ? null : "incomplete_email"]];
  return Object.fromEntries(found.filter(([, code]) => code));
}
