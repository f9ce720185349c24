/* The admin's fields that choose out of many name neither themselves nor their parts: told here, for who does not see them. */
const tell = (box) => {
  const select = box.previousElementSibling;
  const name = select?.labels?.[0]?.textContent.trim() || select?.getAttribute("aria-label");
  for (const field of box.querySelectorAll(".select2-search__field")) if (name) field.setAttribute("aria-label", name);
  for (const field of box.querySelectorAll(".select2-selection--single")) {
    const label = select?.labels?.[0];
    const chosen = field.querySelector(".select2-selection__rendered");
    chosen.setAttribute("role", "none");
    chosen.removeAttribute("aria-readonly");
    if (!label) continue;
    label.id ||= `${select.id}-label`;
    field.setAttribute("aria-labelledby", `${label.id} ${chosen.id}`);
  }
  for (const list of box.querySelectorAll("ul.select2-selection__rendered")) {
    list.setAttribute("role", "none");
    for (const item of list.children) item.setAttribute("role", "none");
  }
};

const tellAll = () => document.querySelectorAll(".select2-container").forEach(tell);

addEventListener("load", () => {
  tellAll();
  new MutationObserver(tellAll).observe(document.body, { childList: true, subtree: true });
});
