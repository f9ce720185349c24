// "Fill down" without saving: writes into the rows what stands above them. Without scripts the button saves as well.
const bar = document.querySelector("[data-fill-down]");

function rowsFor(value) {
  return [...document.querySelectorAll("[data-variant]")].filter(
    (row) => row.dataset.variant && (!value || row.dataset.values.split(" ").includes(value)),
  );
}

function write(row, name, text) {
  const field = row.querySelector(`[name$="-${name}"]`);
  if (!field) return;
  if (field.type === "checkbox") field.checked = text === "on";
  else field.value = text;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

bar?.querySelector("button").addEventListener("click", (event) => {
  event.preventDefault();
  const given = [...bar.querySelectorAll("[name^='fill-']")].filter((one) => one.value && one.name !== "fill-which");
  for (const row of rowsFor(bar.querySelector("[name='fill-which']").value)) {
    for (const one of given) write(row, one.name.slice(5), one.value);
  }
});

if (bar) bar.querySelector("button").textContent = bar.querySelector("legend").textContent;
