/* Before the first paint: the visitor's own choice of colours, which a cached page cannot know. */
(() => {
  const chosen = document.cookie.match(/(?:^|; )theme=(light|dark)/)?.[1];
  if (!chosen) return;
  document.documentElement.dataset.theme = chosen;
  const [light, dark] = document.querySelectorAll('meta[name="theme-color"]');
  if (light && dark) (chosen === "dark" ? light : dark).media = "not all", (chosen === "dark" ? dark : light).media = "all";
})();
