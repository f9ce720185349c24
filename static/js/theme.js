/* Before the first paint. First, the visitor's own choice of colours, which a cached page cannot know. Second, soft page
   changes: the rule is given here and not in the stylesheet, because browsers ask for it before that has arrived. */
(() => {
  const chosen = document.cookie.match(/(?:^|; )theme=(light|dark)/)?.[1];
  if (chosen) {
    document.documentElement.dataset.theme = chosen;
    for (const meta of document.querySelectorAll('meta[name="theme-color"]'))
      meta.media = meta.media.includes(chosen) ? "all" : "not all";
  }
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("@view-transition { navigation: auto }");
  document.adoptedStyleSheets = [sheet];
})();
