/* select[data-refresh="id"]: another choice there asks the server for this form with other fields, and exchanges the
   element `id`. Nothing is checked and nothing is saved by it; the button beside it does the same without a script. */
const hide = (root) => {
  for (const button of root.querySelectorAll("[data-refresh-fallback]")) button.hidden = true;
};

document.addEventListener("change", async (event) => {
  const select = event.target.closest("select[data-refresh]");
  if (!select) return;
  const id = select.dataset.refresh;
  const data = new FormData(select.form);
  data.set("refresh", id);
  const box = document.getElementById(id);
  box.setAttribute("aria-busy", "true");
  const answer = await fetch(select.form.action, { method: "POST", body: data, headers: { Accept: "text/html" } }).catch(() => null);
  const fresh = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
  if (!fresh) return select.form.querySelector(`[name="refresh"][value="${id}"]`).click();
  box.replaceWith(document.adoptNode(fresh));
  document.dispatchEvent(new CustomEvent("swapped", { detail: fresh }));
  document.getElementById(select.id)?.focus({ preventScroll: true });
});

document.addEventListener("swapped", (event) => hide(event.detail));
hide(document);
