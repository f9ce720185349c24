/* Forms are checked by the server. A field that was in error once is looked at again when it is left: late to punish, early
   to reward. Also: pressing a button twice, showing a password, counting the letters of a text. */
const recheck = (field) => {
  const box = field.closest("[data-field]");
  const words = box?.querySelector(".error");
  if (!words) return;
  const fine = field.checkValidity() && field.value.trim() !== "";
  box.classList.toggle("has-error", !fine);
  words.hidden = fine;
  if (fine) field.removeAttribute("aria-invalid");
  else field.setAttribute("aria-invalid", "true");
};

/* Words that come or go move what stands below: not while the pointer is down, or the button under it would be missed. */
let left = null;
let isDown = false;

const letGo = () => {
  isDown = false;
  setTimeout(() => {
    if (left) recheck(left);
    left = null;
  });
};

addEventListener("pointerdown", () => (isDown = true), true);
addEventListener("pointerup", letGo, true);
addEventListener("pointercancel", letGo, true);

document.addEventListener("focusout", (event) => {
  if (!event.target.matches("input, select, textarea")) return;
  if (isDown) left = event.target;
  else recheck(event.target);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-once]") || event.defaultPrevented) return;
  if (form.dataset.busy) return event.preventDefault();
  form.dataset.busy = "true";
  setTimeout(() => event.submitter?.setAttribute("aria-busy", "true"), 200);
});

addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-busy]")) delete form.dataset.busy;
  for (const button of document.querySelectorAll(".button[aria-busy]")) button.removeAttribute("aria-busy");
});

const ready = (root) => {
  for (const field of root.querySelectorAll("input[data-reveal]:not([data-ready])")) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: field.dataset.reveal });
    const frame = Object.assign(document.createElement("span"), { className: "password" });
    field.dataset.ready = "";
    button.setAttribute("aria-pressed", "false");
    field.replaceWith(frame);
    frame.append(field, button);
    button.addEventListener("click", () => {
      const shown = field.type === "password";
      field.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
    });
  }
  for (const field of root.querySelectorAll("textarea[data-count]:not([data-ready])")) {
    field.dataset.ready = "";
    const count = Object.assign(document.createElement("span"), { className: "field-count" });
    const tell = () => (count.textContent = `${field.value.length} / ${field.maxLength}`);
    field.after(count);
    field.addEventListener("input", tell);
    tell();
  }
  for (const details of root.querySelectorAll("[data-open-wide]")) details.open = matchMedia("(width >= 56rem)").matches;
};

document.addEventListener("swapped", (event) => ready(event.detail));
ready(document);
document.querySelector("[data-error-summary]")?.focus();
