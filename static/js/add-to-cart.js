/* Adds without leaving the page. The key is minted here, because a cached page would give everybody the same one; a second
   press while the first is under way, or the same form sent twice, adds once. `data-add-to-cart` is the cart's address. */
const drawer = document.getElementById("drawer");
const key = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint32Array(4))].join("-");

const open = (html) => {
  drawer.innerHTML = "";
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const node of [...page.body.children]) {
    if (node.matches("[data-visitor]")) continue;
    drawer.append(document.adoptNode(node));
  }
  document.dispatchEvent(new CustomEvent("visitor:place", { detail: html }));
  document.dispatchEvent(new CustomEvent("announce", { detail: drawer.querySelector("[data-announce]")?.textContent.trim() }));
  if (!drawer.open) drawer.showModal();
};

const refuse = (form, html) => {
  form.querySelector("[data-refusal]")?.remove();
  const notice = new DOMParser().parseFromString(html, "text/html").querySelector(".notice, .error-summary");
  if (!notice) return false;
  notice.dataset.refusal = "";
  notice.setAttribute("role", "alert");
  form.prepend(document.adoptNode(notice));
  return true;
};

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-add-to-cart]")) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "true";
  const button = event.submitter ?? form.querySelector("button:not([type=button])");
  const timer = setTimeout(() => button?.setAttribute("aria-busy", "true"), 200);
  const data = new FormData(form, event.submitter);
  const once = key();
  data.set("idempotency_key", once);
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "text/html", "X-Fragment": "cart" } });
    const html = await answer.text();
    if (answer.ok && !answer.redirected) {
      form.querySelector("[data-refusal]")?.remove();
      open(html);
    } else if (!(answer.status === 422 && refuse(form, html))) {
      location.assign(answer.redirected ? answer.url : form.dataset.addToCart);
    }
  } catch {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "idempotency_key", value: once });
    form.append(field);
    form.submit();
  } finally {
    clearTimeout(timer);
    button?.removeAttribute("aria-busy");
    delete form.dataset.busy;
  }
});
