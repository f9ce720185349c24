/* Suggestions under the search field, as a combobox. The server answers with <a role="option"> rows. */
for (const form of document.querySelectorAll("form[data-suggestions]")) {
  const input = form.querySelector("input");
  const list = Object.assign(document.createElement("div"), { className: "suggestions", id: `${input.id}-list`, hidden: true });
  let timer;
  let asked = 0;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.placeholder);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" }))
    input.setAttribute(name, value);
  form.append(list);

  const rows = () => [...list.querySelectorAll('[role="option"]')];
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    const all = rows();
    if (!all.length) return;
    const chosen = all[(index + all.length) % all.length];
    for (const row of all) row.setAttribute("aria-selected", String(row === chosen));
    input.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  };
  const ask = async () => {
    const words = input.value.trim();
    const mine = ++asked;
    if (words.length < 2) return close();
    const answer = await fetch(`${form.dataset.suggestions}?q=${encodeURIComponent(words)}`).catch(() => null);
    if (!answer?.ok || mine !== asked) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const told = page.querySelector("[data-announce]")?.textContent; // said aloud, no row of the list
    list.replaceChildren(...[...page.querySelectorAll('[role="option"]')].map((node) => document.adoptNode(node)));
    rows().forEach((row, index) => (row.id = `${list.id}-${index}`));
    list.hidden = !rows().length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    document.dispatchEvent(new CustomEvent("announce", { detail: told }));
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 200);
  });
  input.addEventListener("keydown", (event) => {
    const now = rows().findIndex((row) => row.getAttribute("aria-selected") === "true");
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" && !list.hidden) mark(now + 1);
    else if (event.key === "ArrowUp" && !list.hidden) mark(now < 0 ? -1 : now - 1);
    else if (event.key === "Enter" && now >= 0 && !list.hidden) rows()[now].click();
    else return;
    event.preventDefault();
  });
  form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || close());
}
