/* data-taste: remembers what the visitor looks at (told when he leaves the page, all at once) and brings his own rows of
   products. Browsers that ask not to be followed are left alone. Without scripts there simply are no such rows. */
const place = document.querySelector("[data-taste]");
const key = "looks";

const kept = () => {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "[]");
  } catch {
    return [];
  }
};

const tell = () => {
  const looks = kept().slice(-20);
  if (!looks.length) return;
  const body = new URLSearchParams(looks);
  if (navigator.sendBeacon(place.dataset.taste, body)) sessionStorage.removeItem(key);
};

const bring = async () => {
  const answer = await fetch(place.dataset.rows, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer?.status !== 200) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  place.replaceChildren(...[...page.body.childNodes].map((node) => document.adoptNode(node)));
  place.hidden = false;
};

if (place && !navigator.globalPrivacyControl && navigator.doNotTrack !== "1") {
  const { product, q, rows } = place.dataset;
  const look = product ? ["product", product] : q ? ["q", q] : null;
  if (look) {
    const others = kept().filter(([name, value]) => name !== look[0] || value !== look[1]);
    try {
      sessionStorage.setItem(key, JSON.stringify([...others, look]));
    } catch {
      /* no room, or forbidden: then it is not remembered */
    }
  }
  addEventListener("visibilitychange", () => document.visibilityState === "hidden" && tell());
  if (rows) bring();
}
