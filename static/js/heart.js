/* data-heart: saves a product to the wishlist without leaving the page, or takes it off again. Whether it is saved comes with the
   visitor's part of the header, for the page itself is the same for everybody. */
const saved = () => new Set((document.querySelector("[data-wished]")?.dataset.wished ?? "").split(" "));

const sync = () => {
  const wished = saved();
  for (const form of document.querySelectorAll("form[data-heart]"))
    form.querySelector("button").setAttribute("aria-pressed", String(wished.has(form.elements.variant.value)));
};

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-heart]")) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "true";
  const button = form.querySelector("button");
  const data = new FormData(form);
  const off = button.getAttribute("aria-pressed") === "true";
  data.set("wanted", off ? "no" : "yes");
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "text/html", "X-Fragment": "heart" } });
    if (!answer.ok) return form.submit();
    document.dispatchEvent(new CustomEvent("visitor:place", { detail: await answer.text() }));
    document.dispatchEvent(new CustomEvent("announce", { detail: off ? form.dataset.off : form.dataset.on }));
  } catch {
    form.submit();
  } finally {
    delete form.dataset.busy;
  }
});

document.addEventListener("visitor:placed", sync);
document.addEventListener("swapped", sync);
sync();
