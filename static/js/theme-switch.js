/* Light, dark or as the device says; remembered in a cookie for a year. */
const root = document.documentElement;

const show = (group) => {
  for (const button of group.children)
    button.setAttribute("aria-pressed", String(button.value === (root.dataset.theme || "")));
};

for (const group of document.querySelectorAll("[data-theme-switch]")) {
  group.hidden = false;
  show(group);
  group.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.value) root.dataset.theme = button.value;
    else delete root.dataset.theme;
    const age = button.value ? 31536000 : 0;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${button.value}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
    show(group);
  });
}
