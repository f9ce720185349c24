/* data-swap="id id": sends a form or follows a link by script and exchanges the named elements with those of the answer,
   which may be a whole page. The plain form and link do the same with a reload. */
const wait = (element) => (element.matches('input:is([type="text"], [type="search"], [type="number"])') ? 350 : 0);
let latest = 0;
let timer;

const exchange = (page, ids) => {
  const focused = document.activeElement?.id;
  const open = [...document.querySelectorAll("details[open][id]")].map((details) => details.id);
  for (const id of ids) {
    const old = document.getElementById(id);
    const fresh = page.getElementById(id);
    if (!old || !fresh) return false;
    for (const details of fresh.querySelectorAll("details[id]")) details.open ||= open.includes(details.id);
    old.replaceWith(document.adoptNode(fresh));
    document.dispatchEvent(new CustomEvent("swapped", { detail: fresh }));
    const words = fresh.querySelector("[data-announce]")?.textContent.trim();
    if (words) document.dispatchEvent(new CustomEvent("announce", { detail: words }));
  }
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
  return true;
};

const send = async (url, ids, options = {}) => {
  const mine = ++latest;
  const targets = ids.map((id) => document.getElementById(id)).filter(Boolean);
  for (const target of targets) target.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { ...options, headers: { Accept: "text/html", "X-Fragment": ids.join(" ") } });
    if (mine !== latest) return;
    const to = new URL(answer.url);
    if (to.pathname !== location.pathname && answer.redirected) return location.assign(answer.url);
    if (answer.status >= 500) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== latest) return;
    if (!exchange(page, ids)) return location.assign(options.method ? location.href : url);
    if (options.push) history.pushState({ swap: ids }, "", answer.redirected ? answer.url : url);
    if (page.title) document.title = page.title;
    if (options.method) document.dispatchEvent(new Event("visitor:ask"));
    const summary = document.querySelector("[data-error-summary]");
    if (answer.status === 422 && summary) summary.focus();
  } catch {
    if (options.form) HTMLFormElement.prototype.submit.call(options.form);
    else location.assign(url);
  } finally {
    for (const target of targets) target.removeAttribute("aria-busy");
  }
};

const submit = (form, button) => {
  const data = new FormData(form, button);
  const ids = form.dataset.swap.split(" ");
  if (form.method === "post") return send(form.action, ids, { method: "POST", body: data, form });
  const url = new URL(form.action || location.href);
  const query = new URLSearchParams([...data].filter(([, value]) => value !== ""));
  url.search = query;
  return send(url.href, ids, { push: form.dataset.swapHistory !== "none" });
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-swap]") || event.defaultPrevented) return;
  event.preventDefault();
  clearTimeout(timer);
  submit(form, event.submitter);
});

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form?.matches('form[data-swap][data-swap-on="change"]')) return;
  clearTimeout(timer);
  timer = setTimeout(() => form.reportValidity() && submit(form), wait(event.target));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  send(link.href, link.dataset.swap.split(" "), { push: true });
});

addEventListener("popstate", (event) => {
  if (event.state?.swap) send(location.href, event.state.swap);
  else if (document.querySelector("[data-swap]")) location.reload();
});

const hideFallbacks = (root) => {
  for (const button of root.querySelectorAll("[data-swap-fallback]"))
    button.hidden = Boolean(button.form?.matches('[data-swap-on="change"]'));
};

document.addEventListener("swapped", (event) => hideFallbacks(event.detail));
hideFallbacks(document);
